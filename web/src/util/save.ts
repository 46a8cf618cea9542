/** Texts that become files on the reader's own machine. */
export function saveText(text: string, name: string, type: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** A name that every file system takes. */
export const fileName = (name: string): string => name.replace(/[^\w-]/g, '_');

/** A soul that has gone into a file. */
export function saveDocument(text: string, name: string): void {
  saveText(text, `${fileName(name)}.soul`, 'application/json');
}
