import { head, ok, type WireCase, wireCase } from './wire-case.ts';

const BODY = 'content-length: 2';
const FULL = `${ok(BODY)}ok`;

const interim = (status: string, ...lines: string[]): string => head(status, ...lines);
const informational: WireCase[] = [
  wireCase('100 unasked', interim('100 Continue') + FULL, '200 ok kept'),
  wireCase('two 100 unasked', interim('100 Continue').repeat(2) + FULL, '200 ok kept'),
  wireCase('100 unasked to POST', interim('100 Continue') + FULL, '200 ok kept', { method: 'POST' }),
  wireCase('102', interim('102 Processing') + FULL, '200 ok kept'),
  wireCase('103 with a link', interim('103 Early Hints', 'link: </a.css>') + FULL, '200 ok kept'),
  wireCase('103 twice, then 404', `${interim('103 X', 'link: a').repeat(2)}${head('404 X', BODY)}no`, '404 no kept'),
  wireCase('102 and 103', interim('102 X') + interim('103 X') + FULL, '200 ok kept'),
  wireCase('150, which nobody knows', interim('150 X') + FULL, '200 ok kept'),
  wireCase('103 that says content-length', interim('103 X', 'content-length: 7') + FULL, '200 ok kept'),
  wireCase('103 before an answer to HEAD', interim('103 X') + ok('content-length: 9'), '200  kept', { method: 'HEAD' }),
  wireCase('103 before a 204', interim('103 X') + head('204 X'), '204  kept'),
  wireCase('100 and then the end', interim('100 Continue'), 'reset', { after: 'end' }),
  wireCase('101 unasked', head('101 Switching Protocols', 'upgrade: x', 'connection: upgrade'), 'bad-response', { after: 'end' }),
];

const lines = (...texts: string[]): string => `${ok(...texts, BODY)}ok`;
const headers: WireCase[] = [
  wireCase('LF alone in the whole head', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok', '200 ok kept'),
  wireCase('LF alone after the status line', 'HTTP/1.1 200 OK\nContent-Length: 2\r\n\r\nok', '200 ok kept'),
  wireCase('LF alone as the empty line', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\nok', '200 ok kept'),
  wireCase('CR LF only as the empty line', 'HTTP/1.1 200 OK\nContent-Length: 2\n\r\nok', '200 ok kept'),
  wireCase('a folded line', lines('x-long: a\r\n b'), '200 ok kept'),
  wireCase('a line folded by a tab', lines('x-long: a\r\n\tb'), '200 ok kept'),
  wireCase('a line folded twice', lines('x-long: a\r\n b\r\n   c'), '200 ok kept'),
  wireCase('a folded content-length', `${ok('content-length:\r\n 2')}ok`, '200 ok kept'),
  wireCase('a blank before the colon', `${ok('content-length : 2')}ok`, '200 ok kept'),
  wireCase('no blank after the colon', `${ok('content-length:2')}ok`, '200 ok kept'),
  wireCase('many blanks round the value', `${ok('content-length:  \t 2 \t ')}ok`, '200 ok kept'),
  wireCase('names in capitals', `${ok('CONTENT-LENGTH: 2')}ok`, '200 ok kept'),
  wireCase('an empty value', lines('x-empty:'), '200 ok kept'),
  wireCase('a value of bytes above 127', lines('x-name: J\xfcrgen \xe7\x8c\xab'), '200 ok kept'),
  wireCase('a value with a tab', lines('x-tab: a\tb'), '200 ok kept'),
  wireCase('a value with colons', lines('x-colon: a:b: c'), '200 ok kept'),
  wireCase('a name with signs', lines("x!#$%&'*+-.^_`|~9: a"), '200 ok kept'),
  wireCase('the same header 50 times', lines(...Array<string>(50).fill('x: y')), '200 ok kept'),
  wireCase('a head of 20 kB', lines(`set-cookie: a=${'x'.repeat(20_000)}`), '200 ok kept'),
  wireCase('a head of 60 kB', lines(...Array.from({ length: 60 }, (_, i) => `x-${i}: ${'y'.repeat(990)}`)), '200 ok kept'),
  wireCase('a head of 70 kB', lines(`x: ${'y'.repeat(70_000)}`), 'bad-response'),
  wireCase('a head of 200 kB that does not end', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}`, 'bad-response'),
  wireCase('an empty line before the answer', `\r\n${FULL}`, '200 ok kept'),
  wireCase('three empty lines before the answer', `\r\n\r\n\n${FULL}`, '200 ok kept'),
  wireCase('a line without a colon', lines('nothing'), 'bad-response'),
  wireCase('a line without a name', lines(': a'), 'bad-response'),
  wireCase('a name with a blank', lines('x y: a'), 'bad-response'),
  wireCase('a name with a control character', lines('x\x01y: a'), 'bad-response'),
  wireCase('a name of bytes above 127', lines('\xfcber: a'), 'bad-response'),
  wireCase('a value with NUL', lines('x: a\0b'), 'bad-response'),
  wireCase('a value with a control character', lines('x: a\x01b'), 'bad-response'),
  wireCase('a value with a lone CR', lines('x: a\rb'), 'bad-response'),
  wireCase('a first line that is folded', lines(' x: a'), 'bad-response'),
];

const versions: WireCase[] = [
  wireCase('HTTP/1.0 with a length', `HTTP/1.0 200 OK\r\n${BODY}\r\n\r\nok`, '200 ok closed'),
  wireCase('HTTP/1.0 with keep-alive', `HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n${BODY}\r\n\r\nok`, '200 ok kept'),
  wireCase('HTTP/1.0 with keep-alive and no length', 'HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nok', '200 ok closed', {
    after: 'end',
  }),
  wireCase('HTTP/1.0 without a length', 'HTTP/1.0 200 OK\r\n\r\nok', '200 ok closed', { after: 'end' }),
  wireCase('HTTP/1.0, LF alone, no length', 'HTTP/1.0 200 OK\nServer: cam\n\nok', '200 ok closed', { after: 'end' }),
  ...['close', 'Close', 'CLOSE', 'x, close', 'close, x', 'keep-alive, close', ' close '].map((value) =>
    wireCase(`connection: ${JSON.stringify(value)}`, lines(`connection: ${value}`), '200 ok closed'),
  ),
  ...['keep-alive', 'Keep-Alive', 'x', 'closed', 'x-close', ''].map((value) =>
    wireCase(`connection: ${JSON.stringify(value)}`, lines(`connection: ${value}`), '200 ok kept'),
  ),
  wireCase('connection: close in the second of two lines', lines('connection: x', 'connection: close'), '200 ok closed'),
  wireCase('keep-alive: timeout=0', lines('keep-alive: timeout=0'), '200 ok closed'),
  wireCase('keep-alive: timeout=60', lines('keep-alive: timeout=60, max=100'), '200 ok kept'),
  wireCase('keep-alive: rubbish', lines('keep-alive: timeout=never'), '200 ok kept'),
];

const line = (text: string): string => `${text}\r\n${BODY}\r\n\r\nok`;
const statusLines: WireCase[] = [
  wireCase('no reason', line('HTTP/1.1 200 '), '200 ok kept'),
  wireCase('no reason and no blank', line('HTTP/1.1 200'), '200 ok kept'),
  wireCase('a reason of bytes above 127', line('HTTP/1.1 200 \xdcber'), '200 ok kept'),
  wireCase('a reason of 500 characters', line(`HTTP/1.1 200 ${'x'.repeat(500)}`), '200 ok kept'),
  wireCase('two blanks before the status', line('HTTP/1.1  200 OK'), '200 ok kept'),
  ...[
    'HTTP/1.1 20 OK',
    'HTTP/1.1 2000 OK',
    'HTTP/1.1 abc OK',
    'HTTP/1.1',
    'HTTP/1.1 ',
    'HTTP/1.1 099 X',
    'HTTP/1.1 000 X',
    'HTTP/1.x 200 OK',
  ].map((text) => wireCase(`the status line ${JSON.stringify(text)}`, line(text), 'bad-response', { after: 'end' })),
  ...[
    'HTTP/2.0 200 OK',
    'HTTP/0.9 200 OK',
    'http/1.1 200 OK',
    'HTTP 200 OK',
    'ICY 200 OK',
    'SSH-2.0-OpenSSH_9.6',
    '<html>',
    '220 smtp ready',
    ' HTTP/1.1 200 OK',
    '{"a":1}',
  ].map((text) => wireCase(`an answer that begins with ${JSON.stringify(text)}`, line(text), 'bad-response', { after: 'end' })),
  wireCase('a TLS alert', '\x15\x03\x01\x00\x02\x02\x46', 'bad-response', { after: 'end' }),
  wireCase('NULs', '\0'.repeat(20), 'bad-response', { after: 'end' }),
  wireCase('a body alone', 'ok', 'bad-response', { after: 'end' }),
];

const ends: WireCase[] = [
  wireCase('no byte, then the end', '', 'reset', { after: 'end' }),
  wireCase('no byte, then a reset', '', 'reset', { after: 'reset' }),
  wireCase('no byte to POST, then the end', '', 'reset', { after: 'end', method: 'POST' }),
  wireCase('half a status line, then the end', 'HTTP/1.1 2', 'reset', { after: 'end' }),
  wireCase('half a head, then the end', 'HTTP/1.1 200 OK\r\nx: y\r\n', 'reset', { after: 'end' }),
  wireCase('half a head, then a reset', 'HTTP/1.1 200 OK\r\nx: y\r\n', 'reset', { after: 'reset' }),
  wireCase('a whole answer, then a reset', FULL, '200 ok closed', { after: 'reset' }),
];

export const HEADS: readonly WireCase[] = [...informational, ...headers, ...versions, ...statusLines, ...ends];
