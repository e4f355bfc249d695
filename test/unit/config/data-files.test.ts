import { expect, test } from 'vitest';
import { parseCsv } from '../../../runtime/config/csv.ts';
import { textOfData } from '../../../runtime/config/data-text.ts';
import { parseJsonRows } from '../../../runtime/config/json-rows.ts';

const WHERE = 'data.csv("x")';
const rowsOf = (text: string, separator?: unknown) => parseCsv(WHERE, text, separator);
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

test.each([
  ['semicolons, as Excel writes where a comma is in numbers', 'url;price\r\n/a;1,5\r\n/b;2,5\r\n', { url: '/b', price: '2,5' }],
  ['tabs', 'url\tlabel\n/a\tx, y\n/b\tz\n', { url: '/b', label: 'z' }],
  ['bars', 'url|label\n/a|x\n/b|y', { url: '/b', label: 'y' }],
  ['commas, with semicolons in values', 'url,label\n/a,"x;y"\n/b,x;y;z\n', { url: '/b', label: 'x;y;z' }],
  ['what a first line says', 'sep=:\nurl:label\n/a:x\n/b:y', { url: '/b', label: 'y' }],
  ['semicolons, where a name of a column has commas in quotes', '"a,b,c";label\n1;x\n2;y', { 'a,b,c': '2', label: 'y' }],
  [
    'semicolons, where each line has as many and commas are here and there',
    'name, first;age\nx;1\ny, z;2',
    { 'name, first': 'y, z', age: '2' },
  ],
  ['lines within quotes, and quotes doubled', 'a;b\n1;"x\ny; ""z"""\n2;"""q"""\n', { a: '2', b: '"q"' }],
  ['rows of separators alone are left out', 'a;b\n;\n1;x\n2;y\n;\n', { a: '2', b: 'y' }],
  ['one column', 'url\n/a\n/b\n', { url: '/b' }],
])('CSV: %s', (_, text, second) => {
  const rows = rowsOf(text);
  expect([rows.length, rows[1]]).toEqual([2, second]);
});

test('a separator that is given goes before what would be found, and must be one character', () => {
  expect(rowsOf('a,b;c\n1,2;3', ';')).toEqual([{ 'a,b': '1,2', c: '3' }]);
  expect(rowsOf('a€b\n1€2', '€')).toEqual([{ a: '1', b: '2' }]);
  for (const wrong of ['', ';;', '"', '\n', 5])
    expect(() => rowsOf('a;b\n1;2', wrong)).toThrow(`${WHERE}: expected a separator of one character`);
  expect(() => rowsOf('a;b\n1;2;3')).toThrow(`${WHERE}: expected values with ";" between them; Invalid Record Length`);
});

test.each([
  ['UTF-8', Buffer.from('größe;猫'), undefined],
  ['UTF-8 with a mark', Buffer.from('\uFEFFgröße;猫'), undefined],
  ['UTF-8 with a mark, though another encoding is not what it says', Buffer.from('\uFEFFgröße;猫'), 'utf-8'],
  ['UTF-16 as Excel writes it', utf16('\uFEFFgröße;猫'), undefined],
  ['UTF-16, the other way round', utf16('\uFEFFgröße;猫').swap16(), undefined],
  ['UTF-16 without a mark, where that is said', utf16('größe;猫'), 'utf-16le'],
])('text: %s', (_, bytes, encoding) => {
  expect(textOfData(WHERE, bytes, encoding)).toBe('größe;猫');
});

test("windows-1252 is read where it is said, and named where it isn't, with byte, line and remedy", () => {
  const bytes = latin1('a;b\n1;gr\xf6\xdfe \x80');
  expect(textOfData(WHERE, bytes, 'windows-1252')).toBe('a;b\n1;größe €');
  expect(() => textOfData(WHERE, bytes)).toThrow(
    expect.objectContaining({
      message: `${WHERE}: expected UTF-8; byte 0xf6 in line 2 is none`,
      hint: expect.stringContaining("{ encoding: 'windows-1252' }"),
    }),
  );
  expect(() => textOfData(WHERE, bytes, 'windows-9')).toThrow(`${WHERE}: expected an encoding such as`);
});

test.each([
  ['Parquet', latin1('PAR1\x15\x04'), 'got a Parquet file', 'duckdb'],
  ['a workbook', latin1('PK\x03\x04\x14'), 'got an Excel workbook', 'CSV UTF-8'],
  ['gzip', latin1('\x1f\x8b\x08'), 'compressed with gzip', 'gunzip'],
  ['UTF-16 without a mark', utf16('name;label\n'), 'looks like UTF-16LE without a byte order mark', "encoding: 'utf-16le'"],
  ['UTF-16 without a mark, the other way round', utf16('name;label\n').swap16(), 'looks like UTF-16BE', "encoding: 'utf-16be'"],
])('%s is refused with what it is and what to do', (_, bytes, message, hint) => {
  expect(() => textOfData(WHERE, bytes)).toThrow(
    expect.objectContaining({ code: 'SR_CONFIG', message: expect.stringContaining(message), hint: expect.stringContaining(hint) }),
  );
});

test('other bytes are told to be no text', () => {
  expect(() => textOfData(WHERE, Buffer.from([1, 2, 3, 0, 5, 6, 7, 8]))).toThrow('expected a text; got a binary file');
});

test.each([
  ['a JSON array', 'rows.json', '[{"a":1},{"a":2}]'],
  ['lines, by the name', 'rows.jsonl', '{"a":1}\r\n\r\n{"a":2}\r\n'],
  ['lines, by the name', 'rows.NDJSON', '{"a":1}\n{"a":2}'],
  ['lines in a file of another name', 'rows.json', '{"a":1}\n{"a":2}\n'],
])('rows of JSON: %s', (_, path, text) => {
  expect(parseJsonRows('data.json("x")', path, text)).toEqual([{ a: 1 }, { a: 2 }]);
});

test.each([
  ['rows.jsonl', '{"a":1}\n{"a":\n', 'expected a JSON value a line; line 2: '],
  ['rows.jsonl', '\n\n', 'expected at least one line of JSON; got none'],
  ['rows.json', '[1,\n2', 'expected JSON; '],
  ['rows.json', '{"a":1}\n{', 'expected a JSON value a line; line 2: '],
  ['rows.json', '{"a":1}', 'expected a JSON array with at least one item; got object'],
  ['rows.json', '[]', 'got an empty one'],
])('%s with %j is refused', (path, text, message) => {
  expect(() => parseJsonRows('data.json("x")', path, text)).toThrow(`data.json("x"): `);
  expect(() => parseJsonRows('data.json("x")', path, text)).toThrow(message);
});
