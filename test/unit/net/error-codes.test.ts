import { expect, test } from 'vitest';
import { errorCodeOfStatus, FailureError, failureOf, type Stage } from '../../../runtime/net/error-codes.ts';

const CASES: [code: string, stage: Stage, kind: string, errorCode: number][] = [
  ['ENOTFOUND', 'dial', 'dns-failed', 1101],
  ['EAI_AGAIN', 'dial', 'dns-failed', 1100],
  ['EAI_FAIL', 'dial', 'dns-failed', 1100],
  ['ECONNREFUSED', 'dial', 'connect-failed', 1212],
  ['ETIMEDOUT', 'dial', 'timeout', 1211],
  ['ETIMEDOUT', 'exchange', 'reset', 1220],
  ['EMFILE', 'dial', 'connect-failed', 1210],
  ['EADDRNOTAVAIL', 'dial', 'connect-failed', 1210],
  ['ENOBUFS', 'dial', 'connect-failed', 1210],
  ['EHOSTUNREACH', 'dial', 'connect-failed', 1210],
  ['EWHATEVER', 'dial', 'connect-failed', 1210],
  ['ECONNRESET', 'exchange', 'reset', 1220],
  ['EPIPE', 'exchange', 'reset', 1201],
  ['UND_ERR_SOCKET', 'exchange', 'reset', 1220],
  ['ECONNRESET', 'tls', 'tls-failed', 1300],
  ['ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION', 'tls', 'tls-failed', 1300],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'tls-failed', 1301],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls', 'tls-failed', 1310],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls', 'tls-failed', 1310],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'tls-failed', 1311],

  ['UND_ERR_INVALID_ARG', 'dial', 'other', 1000],
  ['', 'exchange', 'other', 1000],
];

test.each(CASES)('%s at the stage "%s" is %s with code %i', (code, stage, kind, errorCode) => {
  const failure = failureOf(Object.assign(new Error('what the\nsystem said'), { code }), stage, 'http://a.example');
  expect(failure).toMatchObject({ kind, errorCode });
  expect(failure.error).toMatch(/^http:\/\/a\.example: .*what the system said\)?$/);
});

test.each(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM'])(
  '%s says that the generator ran out of sockets, not the target',
  (code) => {
    expect(failureOf(Object.assign(new Error('x'), { code }), 'dial', 'http://a').error).toContain('the generator ran out of sockets');
  },
);

test('of two addresses that both refused, the words of the last are told', () => {
  const refused = (address: string): Error => Object.assign(new Error(`connect ECONNREFUSED ${address}`), { code: 'ECONNREFUSED' });
  const error = Object.assign(new AggregateError([refused('::1:9'), refused('127.0.0.1:9')]), { code: 'ECONNREFUSED' });
  expect(failureOf(error, 'dial', 'http://localhost:9')).toEqual({
    kind: 'connect-failed',
    errorCode: 1212,
    error: 'http://localhost:9: connection refused (connect ECONNREFUSED 127.0.0.1:9)',
  });
});

test('an error that carries its failure is reported as that, unchanged', () => {
  const failure = { kind: 'blocked-address', errorCode: 1110, error: 'no' } as const;
  expect(failureOf(new FailureError(failure), 'dial', 'http://a')).toBe(failure);
});

test('statuses 200 and 302 have code 0, 404 has 1404 and 503 has 1503', () => {
  expect([200, 302, 404, 503].map(errorCodeOfStatus)).toEqual([0, 0, 1404, 1503]);
});
