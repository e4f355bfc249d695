import type { HttpFailureKind } from '../core/records.ts';

/** Why a request has no usable response: what an outcome and its last hop say. */
export interface Failure {
  readonly kind: HttpFailureKind;
  /** k6's error code. @see https://grafana.com/docs/k6/latest/javascript-api/error-codes/ */
  readonly errorCode: number;
  /** One line for people. */
  readonly error: string;
}

/** How far an exchange had come when it failed; the same error of the system means different things. */
export type Stage = 'dial' | 'tls' | 'exchange';

/** An error that already knows what it is to be reported as. */
export class FailureError extends Error {
  readonly code = 'SR_FAILURE';
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.error);
    this.name = 'FailureError';
    this.failure = failure;
  }
}

/** undici's name for a response that is no HTTP; the code it is meant to have is missing (7.30). */
const PARSER_ERROR = 'HTTPParserError';

type Row = readonly [kind: HttpFailureKind, errorCode: number, meaning?: string];

const UNVERIFIED = 'the certificate is not signed by a known authority (add it as tls.ca of the environment)';
const NOT_TLS = 'the server does not speak TLS on this port (http instead of https?)';

const OUT_OF_SOCKETS = 'the generator ran out of sockets';

/** Error code of Node, undici or our own client → kind, k6's code, and what to say instead of the system's words, which follow in brackets. */
const ROWS: Readonly<Record<string, Row>> = {
  ENOTFOUND: ['dns-failed', 1101, 'no such host'],
  EAI_AGAIN: ['dns-failed', 1100, 'the name server did not answer'],
  ENOENT: ['connect-failed', 1210, 'there is no Unix socket at that path: has the server begun to listen?'],
  EACCES: [
    'connect-failed',
    1210,
    'the system forbids it: a Unix socket must be open to the user of the workers, which is nobody where stressrun runs as root',
  ],
  ECONNREFUSED: ['connect-failed', 1212, 'connection refused'],
  ETIMEDOUT: ['timeout', 1211, 'connecting timed out'],
  EMFILE: ['connect-failed', 1210, `${OUT_OF_SOCKETS}: this process has no file descriptor left; raise ulimit -n`],
  ENFILE: ['connect-failed', 1210, `${OUT_OF_SOCKETS}: this machine has no file descriptor left; raise fs.file-max`],
  EADDRNOTAVAIL: [
    'connect-failed',
    1210,
    `${OUT_OF_SOCKETS}: no local port is left; widen net.ipv4.ip_local_port_range, or keep connections alive. Or this machine has no such address`,
  ],
  ENOBUFS: [
    'connect-failed',
    1210,
    `${OUT_OF_SOCKETS}: the system has no buffer left for another; raise net.ipv4.tcp_mem, or use fewer users`,
  ],
  ENOMEM: ['connect-failed', 1210, `${OUT_OF_SOCKETS}: the system has no memory left for another`],
  EHOSTUNREACH: ['connect-failed', 1210, 'no route to the host'],
  ENETUNREACH: ['connect-failed', 1210, 'no route to the network'],
  ECONNRESET: ['reset', 1220, 'the server reset the connection'],
  ECONNABORTED: ['reset', 1220, 'the connection was aborted'],
  EPIPE: ['reset', 1201, 'the server closed the connection while the request was sent'],
  UND_ERR_SOCKET: ['reset', 1220, 'the server closed the connection before the response was complete'],
  SR_CUT_ANSWER: ['reset', 1220, 'the server closed the connection before the response was complete'],
  SR_BAD_ANSWER: ['bad-response', 1000],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['reset', 1220, 'the connection ended before the response was as long as content-length says'],
  UND_ERR_HEADERS_OVERFLOW: ['bad-response', 1000, 'the headers of the response are too large'],
  SELF_SIGNED_CERT_IN_CHAIN: ['tls-failed', 1310, UNVERIFIED],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls-failed', 1310, UNVERIFIED],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['tls-failed', 1310, UNVERIFIED],
  UNABLE_TO_GET_ISSUER_CERT: ['tls-failed', 1310, UNVERIFIED],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['tls-failed', 1310, UNVERIFIED],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls-failed', 1311, 'the certificate is for another host'],
  CERT_HAS_EXPIRED: ['tls-failed', 1300, 'the certificate has expired'],
  CERT_NOT_YET_VALID: ['tls-failed', 1300, 'the certificate is not valid yet'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['tls-failed', 1301, NOT_TLS],
  ERR_SSL_PACKET_LENGTH_TOO_LONG: ['tls-failed', 1301, NOT_TLS],
};

const HANDSHAKE_LOST: Row = ['tls-failed', 1300, 'the connection was lost in the TLS handshake'];

/** What means something else at a stage. */
const STAGE_ROWS: Readonly<Record<Stage, Readonly<Record<string, Row>>>> = {
  dial: {},
  tls: { ECONNRESET: HANDSHAKE_LOST, EPIPE: HANDSHAKE_LOST },
  exchange: { ETIMEDOUT: ['reset', 1220, 'the network lost the connection'] },
};

/** What to report for an error of Node or undici. `where` names the server, such as `http://localhost:8000`. */
export function failureOf(error: unknown, stage: Stage, where: string): Failure {
  if (error instanceof FailureError) return error.failure;
  const code = codeOf(error);
  const [kind, errorCode, meaning] = STAGE_ROWS[stage][code] ?? ROWS[code] ?? fallbackRow(code, stage);
  const said = messageOf(error);
  const text = meaning === undefined ? said : `${meaning} (${said})`;
  return { kind, errorCode, error: oneLine(`${where}: ${text}`) };
}

/** k6's error code of a response: 1000 + status from 400 on, else 0. */
export function errorCodeOfStatus(status: number): number {
  return status >= 400 && status < 600 ? 1000 + status : 0;
}

/** The text on one line. Whole: whoever cuts it must first know the credentials in it. */
export function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

function fallbackRow(code: string, stage: Stage): Row {
  if (code.startsWith('EAI_')) return ['dns-failed', 1100, 'the name could not be resolved'];
  if (code === PARSER_ERROR) return ['bad-response', 1000];
  if (stage === 'tls' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code.startsWith('CERT_'))
    return ['tls-failed', 1300];
  return stage === 'dial' && !code.startsWith('UND_ERR_') ? ['connect-failed', 1210] : ['other', 1000];
}

function codeOf(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  if (name === PARSER_ERROR) return PARSER_ERROR;
  return typeof code === 'string' ? code : '';
}

/** The last of several attempts (one per address of a name) has the words; the sum of them has none. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors.at(-1));
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
