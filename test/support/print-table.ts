import { getBorderCharacters, table } from 'table';

/** Prints what a battery of tests found: the numbers are part of the result, not only that they are within bounds. */
export function printTable(title: string, rows: readonly (readonly (string | number)[])[]): void {
  const text = table(
    rows.map((row) => row.map(String)),
    { border: getBorderCharacters('void'), columnDefault: { paddingLeft: 0, paddingRight: 2 }, drawHorizontalLine: () => false },
  );
  process.stdout.write(`\n${title}\n${text}\n`);
}
