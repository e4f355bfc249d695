import { parse } from 'csv-parse/sync';
import { ConfigError } from '../core/errors.ts';

/**
 * Reads comma-separated values; the first line names the columns.
 * @returns one record per line, all values texts
 * @throws {ConfigError} with the line, when a row has another number of fields or a quote is not closed
 * @see https://www.rfc-editor.org/rfc/rfc4180
 */
export function parseCsv(where: string, text: string): Record<string, string>[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(text, { columns: true, bom: true, trim: true, skip_empty_lines: true });
  } catch (error) {
    throw new ConfigError(where, `expected comma-separated values; ${(error as Error).message}`, { cause: error });
  }
  if (rows.length === 0) throw new ConfigError(where, 'expected a line of column names and at least one row; got less');
  return rows;
}
