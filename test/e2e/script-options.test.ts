import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { type SeenRequest, startTarget } from '../support/target-server.ts';

const CONFIG = 'environments: { t: { base_url: "http://127.0.0.1:1", allow_hosts: ["127.0.0.1:1"] } }\nwarm_up: { requests: 0 }\n';

/** Most of the requests that were being answered at the same moment. */
function atOnce(requests: readonly SeenRequest[]): number {
  const during = ({ atMs }: SeenRequest) => requests.filter((other) => other.atMs <= atMs && atMs < other.atMs + other.serviceMs).length;
  return Math.max(...requests.map(during));
}

test('what a script says of all its requests and iterations is what the target sees', async () => {
  const target = await startTarget({
    '/moved': { status: 302, headers: { location: '/elsewhere', 'set-cookie': 'a=1' }, body: 'a body' },
    '/slow': { delayMs: 100 },
  });
  const { at } = project({
    'config.yaml': CONFIG,
    'a.ts': `import { http } from 'stressrun';
      export const options = {
        vus: 1, iterations: 3, minIterationDuration: '2s', noSetup: true, noTeardown: true, userAgent: 'mine/1', maxRedirects: 0,
        discardResponseBodies: true, noCookiesReset: false, throw: true, batchPerHost: 2,
      };
      const bodyOf = (answer) => { try { return answer.text(); } catch (error) { return error.name; } };
      export const setup = async () => void (await http.get('/setup'));
      export const teardown = async () => void (await http.get('/teardown'));
      export default async () => {
        const moved = await http.get('/moved');
        await http.get('/saw', { query: { status: moved.status, bytes: moved.bodyLength, text: bodyOf(moved) } });
        const answers = await http.batch(Array.from({ length: 6 }, (_, i) => '/slow?n=' + i));
        await http.get('/batch', { query: { of: answers.map(({ url }) => url.slice(-1)).join('') } });
        try { await http.get('http://127.0.0.1:1/'); } catch (error) { await http.get('/threw'); }
      };`,
  });
  const { run } = await load([at('a.ts'), '--env', 't', '--base-url', target.url, '--on-inconclusive', 'warn']);
  expect(run.starts).toMatchObject({ due: 3, begun: 3, interrupted: 0 });
  const of = (path: string) => target.seen.filter((request) => request.path === path);
  expect(target.counts()).toEqual({ '/health': 1, '/moved': 3, '/saw': 3, '/slow': 18, '/batch': 3, '/threw': 3 });
  expect(of('/saw').map(({ query }) => query)).toEqual(Array(3).fill({ status: '302', bytes: '6', text: 'DiscardedError' }));
  expect(of('/batch').map(({ query }) => query['of'])).toEqual(Array(3).fill('012345'));
  expect(atOnce(of('/slow'))).toBe(2);
  expect(of('/moved').map(({ headers }) => headers['cookie'])).toEqual([undefined, undefined, undefined]);
  expect(of('/saw').map(({ headers }) => [headers['cookie'], headers['user-agent']])).toEqual(Array(3).fill(['a=1', 'mine/1']));
  // without it they are 0.3 s apart; the first request may come late to a busy target
  const begunMs = of('/moved').map(({ atMs }) => atMs);
  for (const [i, atMs] of begunMs.slice(1).entries()) expect(atMs - (begunMs[i] as number)).toBeGreaterThan(1_500);
});

test.each([
  ['', '', 1],
  ['noVUConnectionReuse: true, ', '', 3],
  ['noConnectionReuse: true, ', '', 6],
  ['', ', keep_alive: { reuse: false }', 6],
])(
  'options { %s}, environment { … %s }: 3 iterations of a user with 2 requests each take %d connections',
  async (options, setting, count) => {
    const ports: (number | undefined)[] = [];
    const server = createServer((request, response) => {
      if (request.url === '/a') ports.push(request.socket.remotePort);
      response.end('ok');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { at } = project({
      'config.yaml': `environments: { t: { base_url: "http://127.0.0.1:${(server.address() as AddressInfo).port}"${setting} } }\nwarm_up: { requests: 0 }\n`,
      'a.ts': `import { http } from 'stressrun';
      export const options = { ${options}vus: 1, iterations: 3 };
      export default async () => { await http.get('/a'); await http.get('/a'); };`,
    });
    await load([at('a.ts'), '--env', 't', '--on-inconclusive', 'warn']);
    expect([ports.length, new Set(ports).size]).toEqual([6, count]);
  },
);

test.each([
  ["{ vus: 2, duration: '2s', rps: 5 }", /options\.rps: .*/, /max_rps of the environment/],
  ["{ scenarios: { a: { executor: 'constant-vus', vus: 1, duration: '1s', startTIme: '10m' } } }", /did you mean "startTime"/, /startTIme/],
])('an option that would have changed the load is 104 before anything is asked: %s', async (options, message, hint) => {
  const target = await startTarget();
  const { at, folder } = project({
    'config.yaml': CONFIG,
    'a.js': `import { http } from 'stressrun';\nexport const options = ${options};\nexport default async () => void (await http.get('/a'));`,
  });
  const { exitCode, stderr } = await cli([at('a.js'), '--env', 't', '--base-url', target.url], { cwd: folder });
  expect(exitCode).toBe(104);
  expect(stderr).toMatch(message);
  expect(stderr).toMatch(hint);
  expect(target.seen).toEqual([]);
});
