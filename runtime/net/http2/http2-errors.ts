import { type Failure, FailureError } from '../error-codes.ts';

/** RFC 9113, 7: what the codes mean to whoever reads them. */
const MEANINGS: readonly (readonly [name: string, meaning: string])[] = [
  ['NO_ERROR', 'it is closing'],
  ['PROTOCOL_ERROR', 'it says that the other side broke the rules of HTTP/2'],
  ['INTERNAL_ERROR', 'a fault of its own'],
  ['FLOW_CONTROL_ERROR', 'it says that more was sent than it had room for'],
  ['SETTINGS_TIMEOUT', 'it waited too long for an answer to its settings'],
  ['STREAM_CLOSED', 'it had closed the stream'],
  ['FRAME_SIZE_ERROR', 'it says that a frame was too large'],
  ['REFUSED_STREAM', 'it has not begun to work on it'],
  ['CANCEL', 'it does not want it any more'],
  ['COMPRESSION_ERROR', 'it could not read the headers'],
  ['CONNECT_ERROR', 'its own connection broke'],
  ['ENHANCE_YOUR_CALM', 'it is asked too much'],
  ['INADEQUATE_SECURITY', 'TLS is not as it wants it'],
  ['HTTP_1_1_REQUIRED', 'it wants HTTP/1.1 for this'],
];

/** k6's codes: an error of the connection, a GOAWAY, an error of a stream; each plus one and the code of HTTP/2 where that is known. */
const BASES = { connection: 1650, goaway: 1610, stream: 1630 } as const;

/** Why a request on HTTP/2 has no answer: the server's GOAWAY or reset of a stream, or bytes that are no frames. @param code - of HTTP/2 */
export function http2Failure(what: keyof typeof BASES, code: number, where: string): Failure {
  const errorCode = BASES[what] + (code < MEANINGS.length ? code + 1 : 0);
  if (what === 'connection')
    return { kind: 'bad-response', errorCode, error: `${where}: what came on the HTTP/2 connection broke its rules` };
  const [name, meaning] = MEANINGS[code] ?? [`error ${code}`, 'which is no code of HTTP/2'];
  const did =
    what === 'goaway'
      ? 'the server ended the HTTP/2 connection (GOAWAY)'
      : 'the server ended the HTTP/2 stream before the response was complete';
  return { kind: 'reset', errorCode, error: `${where}: ${did}, ${name}: ${meaning}` };
}

/** The server speaks something else. */
export function noHttp2(where: string, isTls: boolean): FailureError {
  const how = isTls ? 'it does not offer it in TLS (ALPN)' : 'it did not answer in it';
  return new FailureError({
    kind: isTls ? 'tls-failed' : 'bad-response',
    errorCode: 1650,
    error: `${where}: the server does not speak HTTP/2 here: ${how}; http_version: 2 of the environment asks for it`,
  });
}

/** Only a tunnel carries HTTP/2 through a proxy. */
export function throughProxy(where: string): FailureError {
  const error = `${where}: a proxy passes on what is plain http in HTTP/1.1 alone; with http_version: 2 it takes https, or no proxy`;
  return new FailureError({ kind: 'connect-failed', errorCode: 1650, error });
}
