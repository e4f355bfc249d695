const CASE_BIT = 0x20;

/** Value of the first header of that name (lower case); undefined when there is none. Cheap: names are told apart by their length first. */
export function headerOf(raw: readonly Buffer[], name: string): Buffer | undefined {
  for (let i = 0; i + 1 < raw.length; i += 2) if (isNamed(raw[i] as Buffer, name)) return raw[i + 1];
  return undefined;
}

/** Values of all headers of that name (lower case), in order. */
export function headersOf(raw: readonly Buffer[], name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2) if (isNamed(raw[i] as Buffer, name)) values.push((raw[i + 1] as Buffer).toString());
  return values;
}

/** Name, value, name, value …, names in lower case; values read as UTF-8, as Go and k6 do. */
export function headerPairs(raw: readonly Buffer[]): string[] {
  return raw.map((bytes, i) => (i % 2 === 0 ? bytes.toString('latin1').toLowerCase() : bytes.toString()));
}

/** Whether a header's name is that one (lower case). */
export function isNamed(bytes: Buffer, name: string): boolean {
  if (bytes.length !== name.length) return false;
  for (let i = 0; i < name.length; i++) if (((bytes[i] as number) | CASE_BIT) !== (name.charCodeAt(i) | CASE_BIT)) return false;
  return true;
}
