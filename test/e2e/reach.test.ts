import { createPrivateKey } from 'node:crypto';
import { chmodSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';

/** Whoever asks at this address is counted, by the host that was asked for. */
async function serverAt(address: string, port = 0): Promise<{ port: number; hosts: string[] }> {
  const hosts: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/a') hosts.push(request.headers.host ?? '');
    response.end('{"status":"ok"}');
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, address, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, hosts };
}

const SCRIPT = `import { http } from 'stressrun';
export const options = { vus: 1, iterations: 6 };
export default async () => void (await http.get('/a'));
`;

function projectWith(environments: string) {
  return project({ 'a.ts': SCRIPT, 'config.yaml': `environments:\n${environments}\nwarm_up: { requests: 0 }\n` });
}

test('a name that only hosts of the environment knows is asked at its two addresses in turn, and so is the health check', async () => {
  const [one, two] = [await serverAt('127.0.0.1'), await serverAt('127.0.0.2')];
  const { at } = projectWith(
    `  t: { base_url: "http://model.test:81", keep_alive: { reuse: false }, hosts: { "*.test": ["127.0.0.1:${one.port}", "127.0.0.2:${two.port}"] } }`,
  );
  const { run } = await load([at('a.ts'), '--on-inconclusive', 'warn', '--workers', '1']);
  expect(run.requests.at(-1)).toMatchObject({ count: 6, failed: 0 });
  expect([one.hosts, two.hosts]).toEqual([Array(3).fill('model.test:81'), Array(3).fill('model.test:81')]);
});

test('an address of production is production under any name that hosts gives it: 104 before anything is asked', async () => {
  const { port, hosts } = await serverAt('127.0.0.9');
  const { at } = projectWith(
    `  prod: { base_url: "http://127.0.0.9:${port}", production: true }\n  t: { base_url: "http://model.test:${port}", hosts: { model.test: 127.0.0.9 } }`,
  );
  const { exitCode, stderr } = await cli([at('a.ts'), '--env', 't']);
  expect([exitCode, hosts]).toEqual([104, []]);
  expect(stderr).toContain('expected "prod", because');
});

const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
const LOCAL = { cert: fixture('localhost-cert.pem'), key: fixture('localhost-key.pem') };
const INNER = { cert: fixture('inner-cert.pem'), key: fixture('inner-key.pem') };
const PASSPHRASE = 'Open+ses/ame 7Xq';
const LOCKED_KEY = createPrivateKey(LOCAL.key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASSPHRASE })
  .toString();

/** A server over TLS that lets only those in who show the certificate for localhost; it keeps whose it was. */
async function mutualServer(pair: { cert: string; key: string }): Promise<{ port: number; shown: string[] }> {
  const shown: string[] = [];
  const server = createTlsServer({ ...pair, requestCert: true, rejectUnauthorized: true, ca: LOCAL.cert }, (request, response) => {
    if (request.url === '/a') shown.push(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN));
    response.end('{"status":"ok"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, shown };
}

test('an encrypted key, authorities beside those that Node knows, a certificate for another host; the passphrase is in no output', async () => {
  const [local, inner] = [await mutualServer(LOCAL), await mutualServer(INNER)];
  const { at } = project({
    'a.ts': `import { http, log } from 'stressrun';
export const options = { vus: 1, iterations: 2 };
export default async () => {
  await http.get('/a');
  await http.get('https://inner.test:${inner.port}/a');
  log.info(${JSON.stringify(`it is ${PASSPHRASE}`)});
};`,
    'config.yaml': `environments:
  t:
    base_url: https://localhost:${local.port}
    hosts: { localhost: 127.0.0.1, inner.test: 127.0.0.1 }
    allow_hosts: [inner.test]
    tls:
      extra_ca: inner.pem
      cert: local.pem
      key: locked.key
      passphrase: "\${KEY_PASS}"
      client_certs: [{ hosts: [inner.test], cert: local.pem, key: locked.key, passphrase: "\${KEY_PASS}" }]
warm_up: { requests: 0 }
`,
    'inner.pem': INNER.cert,
    'local.pem': LOCAL.cert,
    'locked.key': LOCKED_KEY,
  });
  const env = { KEY_PASS: PASSPHRASE, NODE_EXTRA_CA_CERTS: at('local.pem') };
  const { run, folder, stdout, stderr } = await load([at('a.ts'), '--on-inconclusive', 'warn'], { env });
  expect(run.requests.at(-1)).toMatchObject({ count: 4, failed: 0 });
  expect([local.shown, inner.shown]).toEqual([Array(2).fill('localhost'), Array(2).fill('localhost')]);
  const outputs = [stdout, stderr, ...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))];
  expect(outputs.some((text) => text.includes('it is [redacted]'))).toBe(true);
  expect(outputs.filter((text) => text.includes(PASSPHRASE) || text.includes(LOCKED_KEY.slice(40, 80)))).toEqual([]);

  const wrong = await cli([at('a.ts')], { env: { KEY_PASS: 'another one' } });
  expect(wrong.exitCode).toBe(104);
  expect(wrong.stderr).toContain(
    'environments.t.tls.passphrase: expected the passphrase of the key, which is encrypted; got one that does not open it',
  );
  expect(wrong.stderr).not.toContain('another one');
});

const PROXY_PASSWORD = 'Pr0xy+pass/word 9Z';

/** A proxy for http that answers itself, in the place of whoever is asked, and keeps what it was asked for. */
async function proxyServer(): Promise<{ port: number; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url} ${request.headers['proxy-authorization']}`);
    response.end(`{"status":"ok","said":${JSON.stringify(request.headers['proxy-authorization'] ?? '')}}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

test('proxy: env sends all through the proxy of HTTP_PROXY, the health check too, and its password is in no output; without it one note', async () => {
  const { port, asked } = await proxyServer();
  const { at } = project({
    'a.ts': `import { http, log } from 'stressrun';
export const options = { vus: 1, iterations: 3 };
export default async () => log.info((await http.get('/a')).json<string>('said'));`,
    'config.yaml': `environments:
  through: { base_url: "http://model.test", proxy: env }
  straight: { base_url: "http://model.test", hosts: { model.test: 127.0.0.1 } }
warm_up: { requests: 0 }
`,
  });
  const env = { HTTP_PROXY: `http://ann:${encodeURIComponent(PROXY_PASSWORD)}@127.0.0.1:${port}` };
  const { run, folder, stdout, stderr } = await load([at('a.ts'), '--env', 'through', '--http-debug', '--on-inconclusive', 'warn'], {
    env,
  });
  expect(run.requests.at(-1)).toMatchObject({ count: 3, failed: 0 });
  const basic = btoa(`ann:${PROXY_PASSWORD}`);
  expect(asked.filter((line) => line === `http://model.test/a Basic ${basic}`)).toHaveLength(3);
  expect(asked[0]).toBe(`http://model.test/health Basic ${basic}`);
  const outputs = [stdout, stderr, ...readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))];
  expect(
    outputs.filter((text) => [PROXY_PASSWORD, encodeURIComponent(PROXY_PASSWORD), basic].some((secret) => text.includes(secret))),
  ).toEqual([]);
  expect(stderr).not.toContain('is set and not used');

  const straight = await cli(['check', at('a.ts'), '--env', 'straight'], { env });
  expect(`${straight.stdout}${straight.stderr}`.split('HTTP_PROXY is set and not used')).toHaveLength(2);
});

test('a run goes to the Unix socket of its environment and to no port', async () => {
  const folder = temporaryFolder();
  chmodSync(folder, 0o777); // workers are nobody where this runs as root
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.headers.host}${request.url}`);
    response.end('{"status":"ok"}');
  });
  const path = join(folder, 'model.sock');
  await new Promise<void>((resolve) => server.listen(path, resolve));
  chmodSync(path, 0o777);
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { at } = projectWith(`  t: { base_url: "http://model/v1", unix_socket: ${path} }`);
  const { run } = await load([at('a.ts'), '--on-inconclusive', 'warn']);
  expect(run.requests.at(-1)).toMatchObject({ count: 6, failed: 0 });
  expect(asked).toEqual(['model/v1/health', ...Array(6).fill('model/v1/a')]);
});
