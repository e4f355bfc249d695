import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { rootCertificates, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import type { TlsPlan } from '../../../runtime/core/reach-plan.ts';
import { authoritiesBeside } from '../../../runtime/net/tls-settings.ts';
import { VuHttp } from '../../../runtime/net/vu-http.ts';
import { ask, listening, vuFor } from './servers.ts';

// Self-signed for localhost and 127.0.0.1, and for inner.test, *.inner.test and 127.0.0.2; made for these tests, of no use elsewhere.
const fixture = (name: string): string => readFileSync(new URL(`../../fixtures/${name}`, import.meta.url), 'utf8');
const LOCAL = { cert: fixture('localhost-cert.pem'), key: fixture('localhost-key.pem') };
const INNER = { cert: fixture('inner-cert.pem'), key: fixture('inner-key.pem') };

/** A server over TLS on 127.0.0.1 that answers with what it saw of the handshake. */
async function tlsServer(options: object = {}): Promise<number> {
  const server = createServer({ ...INNER, ...options }, (request, response) => {
    const socket = request.socket as TLSSocket;
    const shown = socket.getPeerCertificate().subject?.CN ?? 'none';
    response.end(
      [
        `cert=${shown}`,
        socket.getProtocol(),
        `alpn=${socket.alpnProtocol}`,
        `name=${socket.servername}`,
        socket.isSessionReused() ? 'resumed' : 'whole',
      ].join(' '),
    );
  });
  return listening(server);
}

/** What the server at the port saw of one request to each of these hosts, or the kind of the failure. */
async function seen(tls: Partial<TlsPlan>, port: number, hosts: readonly string[] = ['inner.test']): Promise<string[]> {
  const places = [{ address: '127.0.0.1', port }];
  const vu = vuFor('https://inner.test', {
    tls: { isVerified: true, ca: INNER.cert, ...tls },
    hosts: [
      { name: 'inner.test', isBelow: false, places },
      { name: 'inner.test', isBelow: true, places },
    ],
    allowHosts: ['*.inner.test', '127.0.0.0/8'],
    keepAlive: { reuses: false },
  });
  const answers: string[] = [];
  for (const host of hosts) {
    const outcome = await ask(vu, `https://${host}`);
    answers.push(outcome.kind === 'response' ? (outcome.body?.toString() ?? '') : outcome.kind);
  }
  return answers;
}

test('an encrypted key is opened by its passphrase', async () => {
  const port = await tlsServer({ requestCert: true, rejectUnauthorized: true, ca: LOCAL.cert });
  const key = createPrivateKey(LOCAL.key)
    .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
    .toString();
  expect(await seen({ cert: LOCAL.cert, key, passphrase: 'open sesame' }, port)).toEqual([expect.stringContaining('cert=localhost')]);
});

test('the certificate of the environment is shown to its own host, those of client_certs to theirs, and none to others', async () => {
  const port = await tlsServer({ requestCert: true, rejectUnauthorized: false });
  const clientCerts = [{ hosts: ['*.inner.test', '10.0.0.1'], ...INNER }];
  const shown = async (tls: Partial<TlsPlan>) => (await seen(tls, port, ['inner.test', 'a.inner.test'])).map((text) => text.split(' ')[0]);
  expect(await shown({ ...LOCAL })).toEqual(['cert=localhost', 'cert=none']);
  expect(await shown({ ...LOCAL, clientCerts })).toEqual(['cert=localhost', 'cert=inner.test']);
  expect(await shown({ ...LOCAL, clientCerts: [{ hosts: ['inner.test'], ...INNER }] })).toEqual(['cert=inner.test', 'cert=none']);
});

test('server_name is what the host of base_url is asked for by; other hosts are asked for by their own names', async () => {
  const port = await tlsServer();
  const names = (await seen({ serverName: 'b.inner.test' }, port, ['inner.test', 'a.inner.test'])).map((text) => text.split(' ')[3]);
  expect(names).toEqual(['name=b.inner.test', 'name=a.inner.test']);
});

test('below min_version no connection is made', async () => {
  const old = await tlsServer({ maxVersion: 'TLSv1.2' });
  expect(await seen({}, old)).toEqual([expect.stringContaining('TLSv1.2')]);
  expect(await seen({ minVersion: 'TLSv1.2' }, old)).toEqual([expect.stringContaining('TLSv1.2')]);
  expect(await seen({ minVersion: 'TLSv1.3' }, old)).toEqual(['tls-failed']);
  expect(await seen({ minVersion: 'TLSv1.3' }, await tlsServer())).toEqual([expect.stringContaining('TLSv1.3')]);
});

test('the handshake offers http/1.1, and no protocol with alpn: false', async () => {
  const port = await tlsServer({ ALPNProtocols: ['http/1.1'] });
  expect(await seen({}, port)).toEqual([expect.stringContaining('alpn=http/1.1')]);
  expect(await seen({ offersProtocol: false }, port)).toEqual([expect.stringContaining('alpn=false')]);
});

test.each(['TLSv1.2', 'TLSv1.3'])(
  '%s: each connection makes a whole handshake, unless sessions are resumed: then all but the first',
  async (maxVersion) => {
    const port = await tlsServer({ maxVersion });
    const kindsOf = async (tls: Partial<TlsPlan>) => (await seen(tls, port, Array(3).fill('inner.test'))).map((text) => text.split(' ')[4]);
    expect(await kindsOf({})).toEqual(['whole', 'whole', 'whole']);
    expect(await kindsOf({ resumes: true })).toEqual(['whole', 'resumed', 'resumed']);
  },
);

test('users do not resume the sessions of others', async () => {
  const base = `https://127.0.0.1:${await tlsServer()}`;
  const one = vuFor(base, { tls: { isVerified: false, resumes: true }, keepAlive: { reuses: false } });
  const other = new VuHttp(one.shared);
  onTestFinished(() => other.close());
  const kinds: (string | undefined)[] = [];
  for (const vu of [one, other, one, other]) kinds.push((await ask(vu, base)).body?.toString().split(' ')[4]);
  expect(kinds).toEqual(['whole', 'whole', 'resumed', 'resumed']);
});

test('an authority beside the public ones is trusted with them; one in their place is trusted alone', async () => {
  const [inner, local] = [await tlsServer(), await tlsServer(LOCAL)];
  const kinds = async (tls: Partial<TlsPlan>) => {
    const vu = (port: number) => vuFor(`https://127.0.0.1:${port}`, { tls: { isVerified: true, serverName: 'inner.test', ...tls } });
    const one = vu(inner);
    return (await ask(one, `https://127.0.0.1:${inner}`)).kind;
  };
  expect([await kinds({}), await kinds({ extraCa: INNER.cert }), await kinds({ extraCa: LOCAL.cert })]).toEqual([
    'tls-failed',
    'response',
    'tls-failed',
  ]);
  const localVu = vuFor(`https://127.0.0.1:${local}`, { tls: { isVerified: true, extraCa: `${INNER.cert}\n${LOCAL.cert}` } });
  expect((await ask(localVu, `https://127.0.0.1:${local}`)).kind).toBe('response');
  expect(authoritiesBeside(INNER.cert)).toEqual([...rootCertificates, INNER.cert]);
});
