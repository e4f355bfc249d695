import { expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { startHostileServer } from '../support/hostile-server.ts';
import { printTable } from '../support/print-table.ts';
import { watchMemory } from '../support/processes.ts';
import { project } from '../support/project.ts';

const MEMORY_MB_MAX = 300;
/** Of each request. */
const TIMEOUT_MS = 2_000;

const SCRIPT = `import { check, env, http, image } from 'stressrun';
const ask = (path: string) => http.get(path, { name: path.replace(/^https.*\\//, '/'), timeout: '${TIMEOUT_MS}ms' });
export default async () => {
  for (const path of env.PATHS.split(' ')) await ask(path);
  check(await ask('/not-json'), { 'not-json': (r) => r.json('a') !== undefined });
  const bomb = await image.inspect(await ask('/png-bomb'));
  check(bomb, { 'png-bomb': () => { if (!bomb.ok) throw new Error(bomb.reason); return true; } });
  const none = await image.inspect(await ask('/no-picture'), 'image');
  check(none, { 'no-picture': () => { if (!none.ok) throw new Error(none.reason); return true; } });
};
`;

/** What each of them must be counted as; `timeout` where nothing but time ends it. */
const KINDS: Readonly<Record<string, string>> = {
  '/endless-headers': 'bad-response',
  '/header-drip': 'timeout',
  '/endless-body': 'body-too-large',
  '/gzip-bomb': 'body-too-large',
  '/ten-gigabytes': 'timeout',
  '/redirect-loop': 'bad-response',
  '/no-http': 'bad-response',
  '/garbage-status': 'bad-response',
  '/reset-in-body': 'reset',
  '/close-before-answer': 'reset',
  '/slow-body': 'timeout',
  '/huge-chunk-extension': 'timeout',
  '/two-lengths': 'reset',
  '/length-and-chunks': 'reset',
  '/bad-gzip': 'bad-response',
};

/** What our own client sees sooner, or as the server's fault rather than the connection's. */
const OWN_KINDS = { '/huge-chunk-extension': 'bad-response', '/two-lengths': 'bad-response', '/length-and-chunks': 'bad-response' };
/** Empty: nothing is said of it. */
const CLIENTS: readonly (readonly [client: string, kinds: Readonly<Record<string, string>>])[] = [
  ['undici', KINDS],
  ['', { ...KINDS, ...OWN_KINDS }],
];

const TLS_KINDS = { '/no-tls': 'tls-failed', '/unsigned': 'tls-failed' };

test.each(CLIENTS)(
  'http_client %j: 20 ways to answer badly are each a counted failure of a named kind, within 30 s and 300 MB',
  async (client, kinds) => {
    const server = await startHostileServer();
    const { at } = project({
      'hostile.ts': SCRIPT,
      'config.yaml': `warm_up: { requests: 0 }
environments: { hostile: { base_url: "${server.url}", allow_hosts: ["127.0.0.1:${server.plainPort}", "127.0.0.1:${server.unsignedPort}"] } }
`,
    });
    const { plainPort, unsignedPort } = server;
    const paths = [...Object.keys(KINDS), `https://127.0.0.1:${plainPort}/no-tls`, `https://127.0.0.1:${unsignedPort}/unsigned`];
    const memory = watchMemory();
    const args = ['--users', '1', '--iterations', '1', '--workers', '1', '-e', `PATHS=${paths.join(' ')}`];
    const { exitCode, run, tookMs, stderr } = await load([at('hostile.ts'), ...args], {
      onStart: memory.of,
      env: { STRESSRUN_HTTP_CLIENT: client },
    });
    const peakMb = Math.round(memory.stop() / 1_048_576);

    const failures = run.errors.filter(({ kind }) => kind !== 'check');
    printTable(`Hostile answers (${client}): the whole took ${Math.round(tookMs / 1_000)} s and at most ${peakMb} MB`, [
      ...failures.map(({ name, kind, code, count, sample }) => [name, kind, code, count, sample.replace(/^\S+ /, '').slice(0, 90)]),
      ...run.checks.map(({ name, fails, reason }) => [name, 'check', '', fails, (reason ?? '').slice(0, 90)]),
    ]);
    expect(stderr).not.toMatch(/internal error|died/);
    expect(Object.fromEntries(failures.map(({ name, kind }) => [name, kind]))).toEqual({ ...kinds, ...TLS_KINDS });
    expect(run.checks.map(({ name, passes, fails }) => [name, passes, fails])).toEqual([
      ['no-picture', 0, 1],
      ['not-json', 0, 1],
      ['png-bomb', 0, 1],
    ]);
    expect(run.metrics['iteration_errors']?.values['count']).toBe(0);
    expect([exitCode, run.starts.begun]).toEqual([0, 1]);
    expect(peakMb).toBeLessThan(MEMORY_MB_MAX);
    expect(tookMs).toBeLessThan(30_000);
  },
);
