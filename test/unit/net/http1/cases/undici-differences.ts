/** Where undici (7.30) has another outcome, and why ours is the right one; by reason: the case's name and undici's outcome. */
export const UNDICI_DIFFERENCES: readonly (readonly [why: string, cases: Readonly<Record<string, string>>])[] = [
  [
    'an informational answer is passed over whether or not it was asked for (RFC 9110, 15.2); undici takes 100 for an error of the socket',
    { '100 unasked': 'reset', 'two 100 unasked': 'reset', '100 unasked to POST': 'reset' },
  ],
  [
    '204 and 205 have no body; whoever announces one may send it, so the connection goes. undici waits for that of a 205 and keeps the connection',
    {
      '204 that announces chunks': '204  kept',
      '205 bare': 'timeout',
      '205 with an empty chunked body': '205  kept',
      '205 that announces 4 bytes and sends them': '205 null kept',
    },
  ],
  [
    'a 304 may say the length of the 200 (RFC 9110, 8.6), and a HEAD needs none: nothing is wrong with the connection. undici closes it',
    { '304 with the length that a 200 would have': '304  closed', 'no length to HEAD': '200  closed' },
  ],
  [
    'equal lengths are one (RFC 9110, 8.6); undici compares the body with the joined text',
    {
      'two equal lengths': 'reset',
      'three equal lengths': 'reset',
      'two equal lengths in one line': 'reset',
      '2 and 02': 'reset',
    },
  ],
  [
    'a length that is none is a bad answer and no lost connection',
    {
      'two lengths that differ': 'reset',
      'two lengths that differ in one line': 'reset',
      'content-length: "2.0"': 'reset',
      'content-length: "2 2"': 'reset',
      'content-length: "2;"': 'reset',
      'content-length: "1e1"': 'reset',
      'content-length: "99999999999999999999"': 'reset',
      'content-length: "2,"': 'reset',
      'many blanks round the value': 'reset',
      'chunks: a size of 16 digits': 'reset',
    },
  ],
  [
    'of both lengths chunked wins, and the connection is closed after it (RFC 9112, 6.3); so do Go and curl',
    {
      'both lengths: chunked wins': 'reset',
      'both lengths, chunked first': 'bad-response',
      'transfer-encoding: identity and a length': 'bad-response',
      'chunks: a trailer that says content-length': 'bad-response',
    },
  ],
  [
    'a coding that is not understood is an error: undici gives its bytes out as if they were the body',
    {
      'transfer-encoding: "gzip, chunked"': '200 ok closed',
      'transfer-encoding: "gzip"': '200 2\r\nok\r\n0\r\n\r\n closed',
      'transfer-encoding: "chunked, gzip"': '200 2\r\nok\r\n0\r\n\r\n closed',
      'transfer-encoding: "chunked, chunked"': '200 ok closed',
      'transfer-encoding: "x"': '200 2\r\nok\r\n0\r\n\r\n closed',
      'transfer-encoding: "chunked;q=1"': '200 2\r\nok\r\n0\r\n\r\n closed',
      'transfer-encoding: "xchunked"': '200 2\r\nok\r\n0\r\n\r\n closed',
      'transfer-encoding: "chunkedx"': '200 2\r\nok\r\n0\r\n\r\n closed',
      'transfer-encoding: chunked in two lines': '200 ok closed',
    },
  ],
  [
    'a reader may be lenient in a head (RFC 9112, 2.2, 5.1, 5.2) and in blanks after a size (7.1.1): cameras and small servers send these, and curl and Go read them',
    {
      'LF alone in the whole head': 'bad-response',
      'LF alone after the status line': 'bad-response',
      'LF alone as the empty line': 'reset',
      'CR LF only as the empty line': 'bad-response',
      'HTTP/1.0, LF alone, no length': 'bad-response',
      'a folded line': 'bad-response',
      'a line folded by a tab': 'bad-response',
      'a line folded twice': 'bad-response',
      'a folded content-length': 'bad-response',
      'a blank before the colon': 'bad-response',
      'two blanks before the status': 'bad-response',
      'chunks: a blank after a size': 'bad-response',
      'chunks: a tab after a size': 'bad-response',
      'chunks: blanks before an extension': 'bad-response',
    },
  ],
  [
    'what is no answer of HTTP/1.x, or switches to another protocol unasked, is a bad answer',
    {
      '101 unasked': 'reset',
      'the status line "HTTP/1.1 099 X"': 'other',
      'the status line "HTTP/1.1 000 X"': 'other',
      'an answer that begins with "HTTP/2.0 200 OK"': '200 ok closed',
      'an answer that begins with "HTTP/0.9 200 OK"': '200 ok closed',
    },
  ],
  ['bytes behind an answer belong to nobody, be it an empty line; undici passes over that', { 'an empty line too much': '200 ok kept' }],
];
