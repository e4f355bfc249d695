import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { resolveEnvironment } from '../../../runtime/config/environment.ts';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import type { TlsPlan } from '../../../runtime/core/reach-plan.ts';
import { configOf, type Env, project, refusalOf } from './fixtures.ts';

const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const PASSPHRASE = 'open sesame';
const FILES = {
  'local.pem': fixture('localhost-cert.pem'),
  'local.key': fixture('localhost-key.pem'),
  'inner.pem': fixture('inner-cert.pem'),
  'inner.key': fixture('inner-key.pem'),
  'locked.key': createPrivateKey(fixture('localhost-key.pem'))
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
    .toString(),
  'junk.key': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
};

/** The TLS of an environment with these settings, beside the files. */
function tlsOf(settings: string, processEnv: Env = {}): TlsPlan {
  const { folder } = project(`environments: { a: { base_url: "https://a", tls: ${settings} } }`);
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text);
  const extra = processEnv['NODE_EXTRA_CA_CERTS'];
  const around = extra === undefined ? processEnv : { ...processEnv, NODE_EXTRA_CA_CERTS: join(folder, extra) };
  return resolveEnvironment({ flags: {}, config: loadConfig({ cwd: folder, processEnv }), processEnv: around }).tls;
}

test('all settings of tls with their files read; what is not set is not in the plan', () => {
  expect(tlsOf('{}')).toEqual({ isVerified: true });
  expect(
    tlsOf(`{ ca: inner.pem, cert: local.pem, key: locked.key, passphrase: ${PASSPHRASE}, min_version: "1.3", alpn: false, session_resumption: true,
      client_certs: [{ hosts: ["*.Inner.test", 10.0.0.1], cert: inner.pem, key: inner.key }] }`),
  ).toEqual({
    ca: FILES['inner.pem'],
    cert: FILES['local.pem'],
    key: FILES['locked.key'],
    passphrase: PASSPHRASE,
    clientCerts: [{ hosts: ['*.inner.test', '10.0.0.1'], cert: FILES['inner.pem'], key: FILES['inner.key'] }],
    isVerified: true,
    minVersion: 'TLSv1.3',
    offersProtocol: false,
    resumes: true,
  });
  expect(tlsOf('{ alpn: true, session_resumption: false, min_version: "1.2" }')).toEqual({ isVerified: true, minVersion: 'TLSv1.2' });
  expect(tlsOf('{ min_version: 1.3 }')).toEqual({ isVerified: true, minVersion: 'TLSv1.3' });
});

test('authorities beside the public ones are with those that Node is told of; a file of those that is not there is no error', () => {
  expect(tlsOf('{ extra_ca: inner.pem }').extraCa?.trim()).toBe(FILES['inner.pem'].trim());
  const both = tlsOf('{ extra_ca: inner.pem }', { NODE_EXTRA_CA_CERTS: 'local.pem' }).extraCa ?? '';
  expect([both.includes(FILES['inner.pem']), both.includes(FILES['local.pem'])]).toEqual([true, true]);
  expect(tlsOf('{ extra_ca: inner.pem }', { NODE_EXTRA_CA_CERTS: 'none.pem' }).extraCa?.trim()).toBe(FILES['inner.pem'].trim());
});

test.each([
  [
    '{ cert: local.pem, key: locked.key }',
    /^environments\.a\.tls\.passphrase: expected the passphrase of the key, which is encrypted; got none$/,
  ],
  [
    '{ cert: local.pem, key: locked.key, passphrase: no }',
    /^environments\.a\.tls\.passphrase: expected .*; got one that does not open it$/,
  ],
  [
    '{ cert: local.pem, key: inner.key }',
    /^environments\.a\.tls: expected cert and key of one pair; got a key that is not that of the certificate$/,
  ],
  ['{ cert: local.pem, key: junk.key }', /^environments\.a\.tls\.key: expected a private key in PEM; got an error: /],
  ['{ cert: local.key, key: local.key }', /^environments\.a\.tls\.cert: expected a certificate in PEM; got an error: /],
  ['{ extra_ca: none.pem }', /^environments\.a\.tls\.extra_ca: expected a readable PEM file; got .*none\.pem: ENOENT$/],
  [
    '{ client_certs: [{ hosts: [b], cert: local.pem, key: none.key }] }',
    /^environments\.a\.tls\.client_certs\[0\]\.key: expected a readable PEM file; got .*none\.key: ENOENT$/,
  ],
])('material that does not fit is a 104 that says where and nothing of the passphrase: %s', (settings, message) => {
  expect(refusalOf(() => tlsOf(settings)).message).toMatch(message);
});

test.each([
  ['{ passphrase: x }', /^environments\.a\.tls\.passphrase: expected a key that it is the passphrase of; got none$/],
  ['{ cert: a }', /^environments\.a\.tls\.key: expected cert and key together; got one of them$/],
  ['{ ca: a, extra_ca: b }', /^environments\.a\.tls\.extra_ca: expected one of ca .* and extra_ca .*; got both$/],
  ['{ min_version: 1.1 }', /^environments\.a\.tls\.min_version: expected one of 1\.2, 1\.3; got 1\.1$/],
  ['{ alpn: h2 }', /^environments\.a\.tls\.alpn: expected true or false; got "h2"$/],
  ['{ session_resumption: 1 }', /^environments\.a\.tls\.session_resumption: expected true or false; got 1$/],
  [
    '{ client_certs: [{ hosts: [], cert: a, key: b }] }',
    /^environments\.a\.tls\.client_certs\[0\]\.hosts: expected a list of at least one host; got \[\]$/,
  ],
  [
    '{ client_certs: [{ hosts: ["https://b"], cert: a, key: b }] }',
    /client_certs\[0\]\.hosts\[0\]: expected a host name such as .*; got "https:\/\/b"$/,
  ],
  ['{ client_certs: [{ hosts: [b], cert: a }] }', /^environments\.a\.tls\.client_certs\[0\]\.key: expected the path of a PEM file/],
])('tls: %s is a 104', (settings, message) => {
  expect(refusalOf(() => configOf(`environments: { a: { base_url: "https://a", tls: ${settings} } }`)).message).toMatch(message);
});
