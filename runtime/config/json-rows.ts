import { ConfigError } from '../core/errors.ts';

/** How files end that have a value a line (https://jsonlines.org, https://github.com/ndjson/ndjson-spec). */
const LINES_END = /\.(?:jsonl|ndjson|jsonlines)$/i;

/**
 * Reads a JSON array, or JSON lines: by the name of the file, or since it is no JSON as a whole and its first line is.
 * @param where - the call @param path - of the file
 * @throws {ConfigError} with the line where it is neither, or has no row
 */
export function parseJsonRows(where: string, path: string, text: string): unknown[] {
  if (LINES_END.test(path)) return rowsOfLines(where, text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (isJson(firstLineOf(text))) return rowsOfLines(where, text);
    throw new ConfigError(where, `expected JSON; ${(error as Error).message}`, { cause: error });
  }
  if (Array.isArray(value) && value.length > 0) return value;
  const got = Array.isArray(value) ? 'an empty one' : typeof value;
  throw new ConfigError(where, `expected a JSON array with at least one item; got ${got}`, {
    hint: 'a file with one value a line (JSON lines) ends in .jsonl or .ndjson',
  });
}

function rowsOfLines(where: string, text: string): unknown[] {
  const rows: unknown[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    try {
      rows.push(JSON.parse(line));
    } catch (error) {
      throw new ConfigError(where, `expected a JSON value a line; line ${i + 1}: ${(error as Error).message}`, { cause: error });
    }
  }
  if (rows.length === 0) throw new ConfigError(where, 'expected at least one line of JSON; got none');
  return rows;
}

function firstLineOf(text: string): string {
  return text.trimStart().split('\n', 1)[0] ?? '';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
