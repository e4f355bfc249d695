import { parse } from 'csv-parse/sync';
import { ConfigError } from '../core/errors.ts';

/** What stands between values where a file does not say: commas, what Excel writes where a comma is in numbers, tabs, bars. */
const SEPARATORS = [',', ';', '\t', '|'] as const;
/** Rows that are looked at to find it. */
const ROWS_LOOKED_AT = 20;

/**
 * Reads values with a separator between them; the first line names the columns. Rows without any value are left out.
 * @param given - the separator; undefined: what a first line `sep=;` says, else what parts the first line into most values and the next ones into as many
 * @returns one record per line, all values texts
 * @throws {ConfigError} with the line, when a row has another number of fields or a quote is not closed
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function parseCsv(where: string, text: string, given?: unknown): Record<string, string>[] {
  if (given !== undefined && !(typeof given === 'string' && /^[^"\r\n]$/u.test(given)))
    throw new ConfigError(
      where,
      `expected a separator of one character that is no quote, such as ';' or '\\t'; got ${JSON.stringify(given)}`,
    );
  const said = /^\uFEFF?sep=([^"\r\n])\r?\n/.exec(text);
  const rowsText = said === null ? text : text.slice(said[0].length);
  const delimiter = (given as string | undefined) ?? said?.[1] ?? separatorOf(rowsText);
  let rows: Record<string, string>[];
  try {
    rows = parse(rowsText, {
      columns: true,
      bom: true,
      trim: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      delimiter,
    });
  } catch (error) {
    const parted = delimiter === ',' ? 'comma-separated values' : `values with ${JSON.stringify(delimiter)} between them`;
    throw new ConfigError(where, `expected ${parted}; ${(error as Error).message}`, { cause: error });
  }
  if (rows.length === 0) throw new ConfigError(where, 'expected a line of column names and at least one row; got less');
  return rows;
}

/** The separator of a text that does not say it; a comma where there is none. */
function separatorOf(text: string): string {
  const found = SEPARATORS.map((separator) => {
    const [first = 0, ...more] = countsByRow(text, separator);
    return { separator, first, isEven: more.every((count) => count === first) };
  }).filter(({ first }) => first > 0);
  const best = found.sort((a, b) => Number(b.isEven) - Number(a.isEven) || b.first - a.first)[0];
  return best?.separator ?? ',';
}

/** How often a character stands outside of quotes, in each of the first rows. */
function countsByRow(text: string, separator: string): number[] {
  const counts: number[] = [];
  let [count, isQuoted, isEmpty] = [0, false, true];
  for (let i = 0; i < text.length && counts.length < ROWS_LOOKED_AT; i++) {
    const char = text[i];
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && (char === '\n' || char === '\r')) {
      if (!isEmpty) counts.push(count);
      [count, isEmpty] = [0, true];
      continue;
    } else if (!isQuoted && char === separator) count++;
    isEmpty = false;
  }
  return isEmpty || counts.length >= ROWS_LOOKED_AT ? counts : [...counts, count];
}
