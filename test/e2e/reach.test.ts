import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';

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
