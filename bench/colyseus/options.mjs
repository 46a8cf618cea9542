const at = (name) => process.argv.indexOf(`--${name}`);
/** What is given as --name WORD, or the default. */
export const word = (name, otherwise) => (at(name) >= 0 ? process.argv[at(name) + 1] : otherwise);
export const flag = (name) => at(name) >= 0;
/** A number given as --name N, or the default. */
export function option(name, otherwise) {
  const value = Number(word(name, otherwise));
  if (!Number.isFinite(value)) throw new Error(`--${name} wants a number`);
  return value;
}
