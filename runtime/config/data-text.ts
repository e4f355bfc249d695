import { isUtf8 } from 'node:buffer';
import { decoded, encodingOf, markOf } from '../core/charset.ts';
import { ConfigError } from '../core/errors.ts';

/** Files that hold rows and are no texts: their first bytes, what they are, what to do. */
const NO_TEXTS: readonly (readonly [begins: string, what: string, hint: string])[] = [
  [
    'PAR1',
    'a Parquet file',
    `duckdb -c "COPY (FROM 'data.parquet') TO 'data.csv'" makes it one, and so does pandas.read_parquet(…).to_csv(…, index=False)`,
  ],
  ['ARROW1', 'an Arrow file', "pandas.read_feather(…).to_csv('data.csv', index=False) makes it one"],
  ['PK\x03\x04', 'an Excel workbook or another zip file', 'save the sheet as "CSV UTF-8", or unpack the file'],
  ['\xd0\xcf\x11\xe0', 'an Excel workbook', 'save the sheet as "CSV UTF-8"'],
  ['\x1f\x8b', 'a file that is compressed with gzip', 'gunzip it first'],
  ['SQLite format 3', 'a SQLite database', `sqlite3 -header -csv data.db 'SELECT …' > data.csv makes it one`],
];

/** How much is looked at to tell what a file is. */
const LOOKED_AT = 1000;
const EXCEL = "Excel's plain CSV is windows-1252: data.csv(path, { encoding: 'windows-1252' }), or save it as \"CSV UTF-8\"";

/**
 * The text of a file of rows: by its byte order mark (UTF-8, UTF-16), else the encoding that is given, else UTF-8.
 * @param where - the call, such as `data.csv("rows.csv")`
 * @throws {ConfigError} for Parquet and other files that are no texts, and for bytes that are not in the encoding
 */
export function textOfData(where: string, bytes: Buffer, label?: unknown): string {
  const begin = bytes.toString('latin1', 0, 20);
  const other = NO_TEXTS.find(([begins]) => begin.startsWith(begins));
  if (other !== undefined) throw new ConfigError(where, `expected CSV, JSON or JSON lines; got ${other[1]}`, { hint: other[2] });
  const given = label === undefined ? '' : encodingOf(String(label));
  if (given === undefined)
    throw new ConfigError(where, `expected an encoding such as 'windows-1252', 'shift_jis' or 'utf-16le'; got ${JSON.stringify(label)}`);
  const mark = markOf(bytes);
  if (mark === 'utf-16le' || mark === 'utf-16be') return decoded(bytes, mark);
  if (given !== '' && given !== 'utf-8') return decoded(bytes, given);
  const unmarked = mark === '' ? bytes : bytes.subarray(3);
  if (unmarked.subarray(0, LOOKED_AT).includes(0)) throw wideText(where, unmarked);
  if (!isUtf8(unmarked)) throw new ConfigError(where, `expected UTF-8; ${firstForeign(unmarked)} is none`, { hint: EXCEL });
  return decoded(unmarked, '');
}

/** Text has no zero bytes but in UTF-16, where every other byte of plain letters is one. */
function wideText(where: string, bytes: Buffer): ConfigError {
  const looked = bytes.subarray(0, LOOKED_AT);
  const zeros = [0, 1].map((odd) => looked.filter((byte, i) => byte === 0 && i % 2 === odd).length) as [number, number];
  const encoding = zeros[1] > looked.length / 4 ? 'utf-16le' : zeros[0] > looked.length / 4 ? 'utf-16be' : undefined;
  if (encoding === undefined) return new ConfigError(where, 'expected a text; got a binary file');
  const hint = `{ encoding: '${encoding}' } reads it, or save it as UTF-8`;
  return new ConfigError(where, `expected UTF-8; got what looks like ${encoding.toUpperCase()} without a byte order mark`, { hint });
}

/** The first byte that is not UTF-8, and its line. */
function firstForeign(bytes: Buffer): string {
  const asRead = Buffer.from(bytes.toString('utf8')); // with something else in the place of what is none
  let at = 0;
  for (const end = Math.min(bytes.length, asRead.length); at < end && bytes[at] === asRead[at]; ) at++;
  let line = 1;
  for (let i = bytes.indexOf(10); i >= 0 && i < at; i = bytes.indexOf(10, i + 1)) line++;
  return `byte 0x${(bytes[at] ?? 0).toString(16)} in line ${line}`;
}
