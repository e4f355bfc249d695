import { expect, test } from 'vitest';
import type { RunPlan } from '../../../runtime/core/plan.ts';
import { REDACTED, Redactor } from '../../../runtime/core/redactor.ts';
import { redactPlan } from '../../../runtime/history/redact-plan.ts';

/** Only what a secret can be in; the rest of a plan holds none. */
const plan = {
  version: 1,
  seed: 7,
  environment: {
    name: 'prod',
    baseUrl: 'https://user:hunter2@inference.example.com/a+b%2Fc',
    headers: {
      authorization: 'Bearer abc',
      'X-Api-Key': 'k1',
      accept: 'application/json',
      'x-tenant': 'tenant a+b/c',
      cookie: 'sid=1',
      'X-Signature': 'v1=9f',
      'x-hub-signature-256': 'a1',
    },
    auth: { kind: 'basic', user: 'me', password: 'hunter2' },
    tls: { ca: 'CA', cert: 'CERT', key: 'PEM KEY', isVerified: true },
  },
  scriptConfig: {
    environments: { prod: { auth: { bearer: 'abc' }, tls: { key: './key.pem' } } },
    max_tokens: 512,
    note: 'a+b/c twice: a+b/c',
  },
  variables: { MODEL_TOKEN: 'abc', SIZE: 'large', EMPTY_SECRET: '' },
} as unknown as RunPlan;

function redactorOf(...values: string[]): Redactor {
  const redactor = new Redactor();
  redactor.learn(values.map((value) => ({ name: 'S', value })));
  return redactor;
}

test('headers, auth, the TLS key and variables that look like secrets are redacted; the rest stays', () => {
  const clean = redactPlan(plan, redactorOf());
  expect(clean.environment.headers).toEqual({
    authorization: REDACTED,
    'X-Api-Key': REDACTED,
    accept: 'application/json',
    'x-tenant': 'tenant a+b/c',
    cookie: REDACTED,
    'X-Signature': REDACTED,
    'x-hub-signature-256': REDACTED,
  });
  expect(clean.environment.auth).toEqual({ kind: 'basic', user: REDACTED, password: REDACTED });
  expect(clean.environment.tls).toEqual({ ca: 'CA', cert: 'CERT', key: REDACTED, isVerified: true });
  expect(clean.variables).toEqual({ MODEL_TOKEN: REDACTED, SIZE: 'large', EMPTY_SECRET: '' });
  expect(clean.environment.baseUrl).toBe(`https://${REDACTED}@inference.example.com/a+b%2Fc`);
  expect(clean.seed).toBe(7);
});

test('the value of a secret is redacted wherever it stands, as it is and encoded for a URL', () => {
  const clean = redactPlan(plan, redactorOf('a+b/c', encodeURIComponent('a+b/c').slice(0, 3)));
  expect(clean.scriptConfig['note']).toBe(`${REDACTED} twice: ${REDACTED}`);
  expect(clean.environment.headers['x-tenant']).toBe(`tenant ${REDACTED}`);
  expect(JSON.stringify(clean)).not.toContain('a+b/c');
});

test('of two secrets where one begins the other the longer goes whole, and "red" does not eat the replacement', () => {
  const noted = { ...plan, notes: ['abcdef abc red .*'] };
  expect(redactPlan(noted, redactorOf('abc', 'abcdef', 'red', '.*', '')).notes).toEqual([
    `${REDACTED} ${REDACTED} ${REDACTED} ${REDACTED}`,
  ]);
});

test('the given plan is not changed', () => {
  const before = structuredClone(plan);
  redactPlan(plan, redactorOf('tenant'));
  expect(plan).toEqual(before);
});

test('keys and passphrases of client certificates are redacted, what they are for is not', () => {
  const clientCerts = [{ hosts: ['a.test'], cert: 'CERT', key: 'KEY', passphrase: 'PASS' }];
  const tls = { isVerified: true, cert: 'C', key: 'K', passphrase: 'P', clientCerts };
  expect(redactPlan({ ...plan, environment: { ...plan.environment, tls } }, redactorOf()).environment.tls).toEqual({
    isVerified: true,
    cert: 'C',
    key: REDACTED,
    passphrase: REDACTED,
    clientCerts: [{ hosts: ['a.test'], cert: 'CERT', key: REDACTED, passphrase: REDACTED }],
  });
});

test('user and password of a proxy are redacted, its address is not', () => {
  const http = { url: 'http://p.test:1', auth: { kind: 'basic' as const, user: 'ann', password: 'PASS' } };
  const environment = { ...plan.environment, proxy: { http, bypass: ['a.test'] } };
  expect(redactPlan({ ...plan, environment }, redactorOf()).environment.proxy).toEqual({
    http: { url: 'http://p.test:1', auth: { kind: 'basic', user: REDACTED, password: REDACTED } },
    bypass: ['a.test'],
  });
});
