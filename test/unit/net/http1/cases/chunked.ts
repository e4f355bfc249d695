import { chunks, ok, type WireCase, wireCase } from './wire-case.ts';

const HEAD = ok('transfer-encoding: chunked');
const LAST = '0\r\n\r\n';

const good: readonly (readonly [name: string, body: string, text: string])[] = [
  ['none', LAST, ''],
  ['one', `2\r\nok\r\n${LAST}`, 'ok'],
  ['one byte each', chunks('a', 'b', 'c', 'd'), 'abcd'],
  ['sizes in capitals', `A\r\n0123456789\r\n${LAST}`, '0123456789'],
  ['sizes in small letters', `a\r\n0123456789\r\n${LAST}`, '0123456789'],
  ['zeros before a size', `0002\r\nok\r\n${LAST}`, 'ok'],
  ['a last size of several zeros', '2\r\nok\r\n000\r\n\r\n', 'ok'],
  ['an extension', `2;a\r\nok\r\n${LAST}`, 'ok'],
  ['an extension with a value', `2;a=b\r\nok\r\n${LAST}`, 'ok'],
  ['an extension with a quoted value', `2;a="b c"\r\nok\r\n${LAST}`, 'ok'],
  ['two extensions', `2;a=b;c=d\r\nok\r\n${LAST}`, 'ok'],
  ['an extension of the last chunk', '2\r\nok\r\n0;a=b\r\n\r\n', 'ok'],
  ['data that are line ends', `4\r\n\r\n\r\n\r\n${LAST}`, '\r\n\r\n'],
  ['data that look like the last chunk', `5\r\n0\r\n\r\n\r\n${LAST}`, '0\r\n\r\n'],
  ['a trailer', '2\r\nok\r\n0\r\nx-sum: 1\r\n\r\n', 'ok'],
  ['three trailers', '2\r\nok\r\n0\r\na: 1\r\nb: 2\r\nc:\r\n\r\n', 'ok'],
  ['a trailer that says content-length', '2\r\nok\r\n0\r\ncontent-length: 9\r\n\r\n', 'ok'],
  ['bytes of all values', `3\r\n\0\xff\x80\r\n${LAST}`, '\0\xff\x80'],
  ['a chunk of 300 bytes', chunks('x'.repeat(300)), 'x'.repeat(300)],
];
const blanks: readonly (readonly [name: string, body: string])[] = [
  ['a blank after a size', `2 \r\nok\r\n${LAST}`],
  ['a tab after a size', `2\t\r\nok\r\n${LAST}`],
  ['blanks before an extension', `2 ;a=b\r\nok\r\n${LAST}`],
];
const bad: readonly (readonly [name: string, body: string])[] = [
  ['a size that is no number', `x\r\nok\r\n${LAST}`],
  ['no size', `\r\nok\r\n${LAST}`],
  ['a size below 0', `-2\r\nok\r\n${LAST}`],
  ['a size with a sign', `+2\r\nok\r\n${LAST}`],
  ['a size with 0x', `0x2\r\nok\r\n${LAST}`],
  ['a blank before a size', ` 2\r\nok\r\n${LAST}`],
  ['two sizes in a line', `2 2\r\nok\r\n${LAST}`],
  ['a size of 20 digits', `fffffffffffffffffff0\r\nok\r\n${LAST}`],
  ['a size of 16 digits', `ffffffffffffffff\r\nok\r\n${LAST}`],
  ['LF alone after a size', `2\nok\r\n${LAST}`],
  ['LF alone after data', `2\r\nok\n${LAST}`],
  ['CR alone after a size', `2\rok\r\n${LAST}`],
  ['data longer than their size', `2\r\nokay\r\n${LAST}`],
  ['data shorter than their size', `4\r\nok\r\n${LAST}`],
  ['LF alone after the last size', '2\r\nok\r\n0\n\r\n'],
  ['LF alone at the very end', '2\r\nok\r\n0\r\n\n'],
  ['LF alone in an extension', `2;a\nb\r\nok\r\n${LAST}`],
  ['a trailer without a colon', '2\r\nok\r\n0\r\nnothing\r\n\r\n'],
  ['a trailer without a name', '2\r\nok\r\n0\r\n: x\r\n\r\n'],
  ['a NUL in an extension', `2;\0\r\nok\r\n${LAST}`],
];
const cut: readonly (readonly [name: string, body: string])[] = [
  ['before the first size', ''],
  ['within a size', '1'],
  ['after a size', '2\r\n'],
  ['within data', '4\r\nok'],
  ['after data', '2\r\nok\r\n'],
  ['before the end of the last chunk', '2\r\nok\r\n0\r\n'],
  ['within the trailers', '2\r\nok\r\n0\r\nx: y'],
];

export const CHUNKED: readonly WireCase[] = [
  ...good.map(([name, body, text]) => wireCase(`chunks: ${name}`, HEAD + body, `200 ${text} kept`)),
  ...blanks.map(([name, body]) => wireCase(`chunks: ${name}`, HEAD + body, '200 ok kept')),
  ...bad.map(([name, body]) => wireCase(`chunks: ${name}`, HEAD + body, 'bad-response', { after: 'end' })),
  ...cut.map(([name, body]) => wireCase(`chunks cut ${name}`, HEAD + body, 'reset', { after: 'end' })),
  wireCase('chunks cut by a reset', `${HEAD}4\r\nok`, 'reset', { after: 'reset' }),
  wireCase('chunks and bytes that nobody asked for', `${HEAD}${chunks('ok')}more`, '200 ok closed'),
  wireCase('chunks and connection: close', ok('transfer-encoding: chunked', 'connection: close') + chunks('ok'), '200 ok closed'),
];
