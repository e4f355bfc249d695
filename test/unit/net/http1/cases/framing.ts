import { chunks, head, ok, type WireCase, wireCase } from './wire-case.ts';

const CHUNKED = 'transfer-encoding: chunked';
const BODY = 'content-length: 2';

const NO_BODY_STATUSES = ['204 No Content', '304 Not Modified'];
const USUAL = [
  '200 OK',
  '201 Created',
  '202 Accepted',
  '203 X',
  '206 Partial Content',
  '300 X',
  '400 Bad',
  '401 X',
  '403 X',
  '404 Not Found',
  '409 X',
];
const RARE = [
  '413 Too Large',
  '418 X',
  '422 X',
  '429 X',
  '451 X',
  '499 X',
  '500 X',
  '502 X',
  '503 X',
  '504 X',
  '520 X',
  '599 X',
  '600 X',
  '799 X',
  '999 X',
];

const byStatus = [...USUAL, ...RARE].flatMap((status): WireCase[] => {
  const code = status.slice(0, 3);
  return [
    wireCase(`${code} with a length`, `${head(status, BODY)}ok`, `${code} ok kept`),
    wireCase(`${code} in chunks`, head(status, CHUNKED) + chunks('o', 'k'), `${code} ok kept`),
    wireCase(`${code} to HEAD, with the length of a GET`, head(status, 'content-length: 5'), `${code}  kept`, { method: 'HEAD' }),
  ];
});

const bodiless = NO_BODY_STATUSES.flatMap((status): WireCase[] => {
  const code = status.slice(0, 3);
  return [
    wireCase(`${code} bare`, head(status), `${code}  kept`),
    wireCase(`${code} with content-length: 0`, head(status, 'content-length: 0'), `${code}  kept`),
    wireCase(`${code} and connection: close`, head(status, 'connection: close'), `${code}  closed`),
    wireCase(`${code} of HTTP/1.0`, head(status).replace('1.1', '1.0'), `${code}  closed`),
    wireCase(`${code} to HEAD`, head(status), `${code}  kept`, { method: 'HEAD' }),
    wireCase(`${code} to POST`, head(status), `${code}  kept`, { method: 'POST' }),
    wireCase(`${code} and bytes that nobody asked for`, `${head(status)}null`, `${code}  closed`),
  ];
});

const noContent: WireCase[] = [
  wireCase('204 that announces 4 bytes', head('204 X', 'content-length: 4'), '204  closed'),
  wireCase('204 that announces 4 bytes and sends them', `${head('204 X', 'content-length: 4')}null`, '204  closed'),
  wireCase('204 that announces chunks', head('204 X', CHUNKED), '204  closed'),
  wireCase('204 with an empty chunked body', head('204 X', CHUNKED) + chunks(), '204  closed'),
  wireCase('304 with the length that a 200 would have', head('304 X', 'content-length: 4'), '304  kept'),
  wireCase('304 that says chunked', head('304 X', CHUNKED), '304  kept'),
  wireCase('205 bare', head('205 Reset'), '205  kept'),
  wireCase('205 with content-length: 0', head('205 Reset', 'content-length: 0'), '205  kept'),
  wireCase('205 with an empty chunked body', head('205 Reset', CHUNKED) + chunks(), '205  closed'),
  wireCase('205 that announces 4 bytes and sends them', `${head('205 Reset', 'content-length: 4')}null`, '205  closed'),
];

const INNER = head('404 X', 'content-length: 0');
const lengths: WireCase[] = [
  wireCase('a body of no bytes', ok('content-length: 0'), '200  kept'),
  wireCase('zeros before the length', `${ok('content-length: 0002')}ok`, '200 ok kept'),
  wireCase('two equal lengths', `${ok(BODY, BODY)}ok`, '200 ok kept'),
  wireCase('three equal lengths', `${ok(BODY, BODY, BODY)}ok`, '200 ok kept'),
  wireCase('two equal lengths in one line', `${ok('content-length: 2, 2')}ok`, '200 ok kept'),
  wireCase('2 and 02', `${ok(BODY, 'content-length: 02')}ok`, '200 ok kept'),
  wireCase('two lengths that differ', `${ok(BODY, 'content-length: 3')}ok`, 'bad-response'),
  wireCase('two lengths that differ in one line', `${ok('content-length: 2, 3')}ok`, 'bad-response'),
  ...['', '-2', '+2', '2.0', '0x2', '2 2', 'two', '2;', '1e1', '99999999999999999999', ',', '2,'].map((value) =>
    wireCase(`content-length: ${JSON.stringify(value)}`, `${ok(`content-length: ${value}`)}ok`, 'bad-response'),
  ),
  wireCase('fewer bytes than said, then the end', `${ok('content-length: 5')}ok`, 'reset', { after: 'end' }),
  wireCase('fewer bytes than said, then a reset', `${ok('content-length: 5')}ok`, 'reset', { after: 'reset' }),
  wireCase('no byte of those said, then the end', ok('content-length: 5'), 'reset', { after: 'end' }),
  wireCase('more bytes than said', `${ok(BODY)}okay`, '200 ok closed'),
  wireCase('a second answer that nobody asked for', `${ok(BODY)}ok${ok(BODY)}no`, '200 ok closed'),
  wireCase('an empty line too much', `${ok(BODY)}ok\r\n`, '200 ok closed'),
  wireCase('whole, then the end', `${ok(BODY)}ok`, '200 ok closed', { after: 'end' }),
  wireCase('whole with connection: close, then the end', `${ok(BODY, 'connection: close')}ok`, '200 ok closed', { after: 'end' }),
  wireCase('a body with bytes of all values', `${ok('content-length: 6')}\0\r\n\r\n\xff`, '200 \0\r\n\r\n\xff kept'),
  wireCase('a body that looks like an answer', ok(`content-length: ${INNER.length}`) + INNER, `200 ${INNER} kept`),
];

const toClose: WireCase[] = [
  wireCase('no length, ended in order', `${ok()}ok`, '200 ok closed', { after: 'end' }),
  wireCase('no length, connection: close', `${ok('connection: close')}ok`, '200 ok closed', { after: 'end' }),
  wireCase('no length, no byte, ended in order', ok(), '200  closed', { after: 'end' }),
  wireCase('no length, reset', `${ok()}ok`, 'reset', { after: 'reset' }),
  wireCase('no length, keep-alive said', `${ok('connection: keep-alive')}ok`, '200 ok closed', { after: 'end' }),
  wireCase('no length to HEAD', ok(), '200  kept', { method: 'HEAD' }),
  wireCase('404 without a length, ended in order', `${head('404 X')}no`, '404 no closed', { after: 'end' }),
  wireCase('500 without a length, ended in order', `${head('500 X')}no`, '500 no closed', { after: 'end' }),
  wireCase('no length to POST', `${ok()}ok`, '200 ok closed', { after: 'end', method: 'POST' }),
];

const coded = (coding: string): string => ok(`transfer-encoding: ${coding}`) + chunks('ok');
const codings: WireCase[] = [
  ...['chunked', 'Chunked', 'CHUNKED', ' chunked ', 'identity, chunked'].map((coding) =>
    wireCase(`transfer-encoding: ${JSON.stringify(coding)}`, coded(coding), '200 ok kept'),
  ),
  ...['gzip, chunked', 'gzip', 'chunked, gzip', 'chunked, chunked', 'x', 'chunked;q=1', 'xchunked', 'chunkedx'].map((coding) =>
    wireCase(`transfer-encoding: ${JSON.stringify(coding)}`, coded(coding), 'bad-response', { after: 'end' }),
  ),
  wireCase('transfer-encoding: chunked in two lines', ok(CHUNKED, CHUNKED) + chunks('ok'), 'bad-response', { after: 'end' }),
  wireCase('transfer-encoding: identity and a length', `${ok('transfer-encoding: identity', BODY)}ok`, '200 ok kept'),
  wireCase('transfer-encoding: identity alone', `${ok('transfer-encoding: identity')}ok`, '200 ok closed', { after: 'end' }),
  wireCase('both lengths: chunked wins', ok(BODY, CHUNKED) + chunks('okay'), '200 okay closed'),
  wireCase('both lengths, chunked first', ok(CHUNKED, BODY) + chunks('okay'), '200 okay closed'),
  wireCase('both lengths, a wrong content-length', ok('content-length: x', CHUNKED) + chunks('okay'), 'bad-response'),
  wireCase('chunks to HEAD: none come', ok(CHUNKED), '200  kept', { method: 'HEAD' }),
  wireCase('chunks from HTTP/1.0', (ok(CHUNKED) + chunks('ok')).replace('1.1', '1.0'), '200 ok closed'),
];

export const FRAMING: readonly WireCase[] = [...byStatus, ...bodiless, ...noContent, ...lengths, ...toClose, ...codings];
