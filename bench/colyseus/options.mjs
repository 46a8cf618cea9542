/** A number given as --name N, or the default. */
export function option(name, otherwise) {
  const at = process.argv.indexOf(`--${name}`);
  const value = at >= 0 ? Number(process.argv[at + 1]) : otherwise;
  if (!Number.isFinite(value)) throw new Error(`--${name} wants a number`);
  return value;
}
