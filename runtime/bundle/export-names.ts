/**
 * Names that a bundle exports, read from the table that esbuild prints for its entry point; a test holds the shape of it.
 * @returns sorted; undefined when the bundle has no such table or adds to it as it runs (`export * from` a CommonJS module)
 */
export function exportNamesOf(code: string): string[] | undefined {
  const table = code.match(/\n {2}return __toCommonJS\((\w+)\);\n/)?.[1];
  if (table === undefined || code.includes(`__reExport(${table}, `)) return undefined;
  const start = code.indexOf(`\n  __export(${table}, {\n`);
  if (start === -1) return [];
  const lines = code.slice(start, code.indexOf('\n  });', start)).split('\n').slice(2);
  return lines
    .map((line) => line.match(/^ {4}(?:([$\w\p{L}]+)|"([^"]+)"): \(\) =>/u))
    .flatMap((match) => match?.[1] ?? match?.[2] ?? [])
    .sort();
}
