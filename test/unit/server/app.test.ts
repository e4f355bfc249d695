import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { accessTo } from '../../../runtime/server/access.ts';
import { createApp } from '../../../runtime/server/app.ts';
import { type Backend, ConflictError, type WatchedRun } from '../../../runtime/server/backend.ts';
import { temporaryFolder } from '../history/temporary-folder.ts';
import { failedRun } from '../report/fixed-runs.ts';
import { LIVE, logOf, secondAt } from './samples.ts';

const TOKEN = 'a-token-of-some-length';
/** A run that nobody steers. */
const STILL = {
  edit: async () => ({ second: 0, change: '' }),
  stop: () => undefined,
  soFar: () => failedRun,
  report: () => '',
  reset: () => undefined,
};
const POST = { method: 'POST', headers: { 'content-type': 'application/json', host: 'localhost:8089' }, body: '{}' };

function backendOf(current?: WatchedRun): Backend {
  const none = (): never => {
    throw new ConflictError('expected no run to go on; stop it first');
  };
  const runDir = temporaryFolder();
  return { version: '1.2.3', runDir, projectFolder: runDir, options: none, plan: none, start: none, current, isPlanning: false };
}

function appOf(options: { host?: string; token?: string; current?: WatchedRun; backend?: Partial<Backend> } = {}) {
  const backend = { ...backendOf(options.current), ...options.backend };
  const app = createApp({
    backend,
    access: accessTo(options.host ?? '127.0.0.1', options.token),
    pagesFolder: join(backend.runDir, 'none'),
    onBug: () => undefined,
  });
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> =>
    app.request(path, { ...init, headers: { host: 'localhost:8089', ...(init.headers as Record<string, string> | undefined) } });
  return { ask, backend };
}

test('without the token everything but /healthz is 401, which says how to come in and nothing else', async () => {
  const { ask } = appOf({ host: '0.0.0.0', token: TOKEN });
  for (const path of ['/', '/api/v1/status', '/api/openapi.json', '/stats/requests', '/metrics', '/?token=wrong', '/nothing']) {
    const answer = await ask(path);
    expect([path, answer.status]).toEqual([path, 401]);
    expect(await answer.text()).toBe('401: open the whole address that stressrun printed, with its ?token=…');
    expect(answer.headers.get('set-cookie')).toBeNull();
  }
  expect(await (await ask('/healthz')).text()).toBe('ok');
});

test('the token is exchanged for a cookie that scripts cannot read and other sites do not send', async () => {
  const { ask } = appOf({ host: '0.0.0.0', token: TOKEN });
  const answer = await ask(`/?token=${TOKEN}&view=history`);
  expect(answer.status).toBe(303);
  expect(answer.headers.get('location')).toBe('/?view=history');
  const cookie = answer.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(/^stressrun_ui_8089=[^;]+; Path=\/; HttpOnly; SameSite=Strict$/);
  expect(cookie).not.toContain(TOKEN);
  const pair = cookie.split(';')[0] as string;
  expect((await ask('/api/v1/status', { headers: { cookie: pair } })).status).toBe(200);
  expect((await ask('/api/v1/status', { headers: { cookie: `${pair}x` } })).status).toBe(401);
  expect((await ask('/api/v1/status', { headers: { authorization: `Bearer ${TOKEN}` } })).status).toBe(200);
});

test('two UIs on one host, at 8089 and 9000, keep both their visitors in: a browser sends each the cookies of both', async () => {
  const jar: string[] = [];
  const doors = ['localhost:8089', 'localhost:9000', 'stress.example'].map((host) => ({
    host,
    ...appOf({ host: '0.0.0.0', token: TOKEN }),
  }));
  for (const { ask, host } of doors) {
    const answer = await ask(`/?token=${TOKEN}`, { headers: { host } });
    jar.push((answer.headers.get('set-cookie') ?? '').split(';')[0] as string);
  }
  expect(jar.map((pair) => pair.split('=')[0])).toEqual(['stressrun_ui_8089', 'stressrun_ui_9000', 'stressrun_ui']);
  for (const { ask, host } of doors)
    expect((await ask('/api/v1/status', { headers: { host, cookie: jar.join('; ') } })).status, host).toBe(200);
});

test('a path that begins with two slashes is not a way to another server', async () => {
  const { ask } = appOf({ host: '0.0.0.0', token: TOKEN });
  expect((await ask(`http://localhost//evil.example/?token=${TOKEN}`)).headers.get('location')).toBe('/evil.example/');
});

test('any address but loopback has a token, given or made up; loopback has one only when it is given', () => {
  expect(accessTo('127.0.0.1', undefined).token).toBeUndefined();
  expect(accessTo('127.0.0.1', '').token).toBeUndefined();
  expect(accessTo('127.0.0.1', TOKEN).token).toBe(TOKEN);
  expect(accessTo('0.0.0.0', '').token).toMatch(/^[\w-]{32}$/);
});

test('on loopback a request under another name is refused: DNS rebinding', async () => {
  const { ask } = appOf();
  expect((await ask('/api/v1/status')).status).toBe(200);
  expect((await ask('/api/v1/status', { headers: { host: 'evil.example:8089' } })).status).toBe(421);
  expect((await ask('/api/v1/status', { headers: { host: '[::1]:8089' } })).status).toBe(200);
});

test.each([
  [{ origin: 'http://evil.example' }, 403],
  [{ origin: 'null' }, 403],
  [{ origin: 'http://localhost:1' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-site' }, 403],
  [{ 'content-type': 'text/plain' }, 415],
  [{ 'content-type': 'application/x-www-form-urlencoded' }, 415],
  [{ origin: 'http://localhost:8089', 'sec-fetch-site': 'same-origin' }, 409],
  [{}, 409],
] as const)('a POST with %j is answered with %i', async (headers, status) => {
  const { ask } = appOf();
  expect((await ask('/api/v1/runs', { ...POST, headers: { ...POST.headers, ...headers } })).status).toBe(status);
});

test('nothing is changed by GET, and other methods are held to the same rules', async () => {
  const { ask } = appOf();
  for (const path of ['/stop', '/api/v1/runs/current/stop', '/api/v1/runs/current/edit', '/stats/reset'])
    expect([path, (await ask(path)).status]).toEqual([path, 404]);
  expect((await ask('/api/v1/runs', { method: 'OPTIONS', headers: { origin: 'http://evil.example' } })).status).toBe(403);
});

test('pages may run only what they bring along, and nobody may frame them', async () => {
  const { headers } = await appOf().ask('/');
  expect(headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self';.*frame-ancestors 'none'$/,
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test('production that was not named is 403, and what else is wrong with a form 422', async () => {
  const refuse = (where: string) => async (): Promise<never> => {
    throw new ConfigError(where, 'expected "prod"; got nothing', { hint: 'type it' });
  };
  const guarded = await appOf({ backend: { start: refuse('--allow-production') } }).ask('/api/v1/runs', POST);
  expect(guarded.status).toBe(403);
  expect(await guarded.json()).toEqual({
    error: { message: '--allow-production: expected "prod"; got nothing', hint: 'type it', where: '--allow-production' },
  });
  expect((await appOf({ backend: { start: refuse('--profile') } }).ask('/api/v1/runs', POST)).status).toBe(422);
  const stranger = await appOf().ask('/api/v1/runs', { ...POST, body: '{"user":5}' });
  expect(stranger.status).toBe(422);
  expect(JSON.stringify(await stranger.json())).toContain('user');
});

test('a fault of our own says nothing of itself', async () => {
  const start = async (): Promise<never> => {
    throw new Error('a path of this machine');
  };
  const answer = await appOf({ backend: { start } }).ask('/api/v1/runs', POST);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('path');
});

test('files of a run are those of known names: no others, no links, no way out', async () => {
  const { ask, backend } = appOf();
  const folder = join(backend.runDir, 'a-run');
  mkdirSync(folder);
  writeFileSync(join(folder, 'run.json'), JSON.stringify(failedRun));
  writeFileSync(join(folder, 'stats.csv'), 'a,b\r\n');
  writeFileSync(join(folder, 'secret.txt'), 'no');
  writeFileSync(join(folder, 'report.html'), '<p>');
  symlinkSync('/etc/hostname', join(folder, 'summary.md'));
  const files = '/api/v1/runs/a-run/files';
  const csv = await ask(`${files}/stats.csv`);
  expect([csv.status, csv.headers.get('content-type'), csv.headers.get('content-disposition')]).toEqual([
    200,
    'text/csv; charset=utf-8',
    'attachment; filename="stats.csv"',
  ]);
  expect((await ask(`${files}/report.html`)).headers.get('content-security-policy')).toContain('sandbox allow-scripts');
  for (const name of ['secret.txt', 'summary.md', 'junit.xml', '..%2f..%2fetc%2fpasswd', 'constructor'])
    expect([name, (await ask(`${files}/${name}`)).status]).toEqual([name, 404]);
  for (const id of ['..', '.', 'a-run%2f..', 'baselines']) expect((await ask(`/api/v1/runs/${id}/files/run.json`)).status).toBe(404);
});

test('a run that is being planned has no id yet: the status says that one is on its way', async () => {
  const status = async (backend: Partial<Backend>) => (await appOf({ backend }).ask('/api/v1/status')).json();
  expect(await status({})).toEqual({ id: null, state: null, isPlanning: false });
  expect(await status({ isPlanning: true })).toEqual({ id: null, state: null, isPlanning: true });
});

test('the run that has just ended names the baseline that it became', async () => {
  const log = logOf(1);
  const current: WatchedRun = { ...STILL, log };
  const { ask, backend } = appOf({ current });
  log.push({ type: 'ended', result: failedRun });
  mkdirSync(join(backend.runDir, 'run-1'));
  const passed = { ...failedRun, run: { ...failedRun.run, id: 'run-1' }, verdict: { outcome: 'passed', reasons: [] } };
  writeFileSync(join(backend.runDir, 'run-1', 'run.json'), JSON.stringify(passed));
  const saved = await ask('/api/v1/runs/current/baseline', { ...POST, body: '{"name":"main"}' });
  expect(saved.status).toBe(201);
  expect(await (await ask('/api/v1/runs/run-1')).json()).toMatchObject({ files: ['run.json'], entry: { baselines: ['main'] } });
});

test('a stream goes on after the last event that was seen, and a run that is over ends it', async () => {
  const log = logOf(5);
  log.push({ type: 'ended', result: failedRun });
  const current: WatchedRun = { ...STILL, log };
  const { ask } = appOf({ current });
  const idsOf = async (answer: Response): Promise<string[]> =>
    [...(await answer.text()).matchAll(/^id: (\d+)$/gm)].map((match) => match[1] ?? '');
  const events = '/api/v1/runs/run-1/events';
  expect(await idsOf(await ask(events))).toEqual(['1', '2', '3', '4', '5', '6']);
  expect(await idsOf(await ask(`${events}?after=2`))).toEqual(['3', '4', '5', '6']);
  expect(await idsOf(await ask(`${events}?after=2`, { headers: { 'last-event-id': '4' } }))).toEqual(['5', '6']);
  expect((await ask(events, { headers: { 'last-event-id': '6' } })).status).toBe(204);
  expect((await ask('/api/v1/runs/other/events')).status).toBe(404);
});

test('whoever watches hears of each event once while it happens', async () => {
  const log = logOf(1);
  const current: WatchedRun = { ...STILL, log };
  const { ask } = appOf({ current });
  const answers = await Promise.all([ask('/api/v1/runs/current/events'), ask('/api/v1/runs/current/events?after=1')]);
  for (let second = 1; second < 50; second++) {
    log.push({ type: 'second', series: secondAt(second), live: { ...LIVE, inFlight: second } });
    if (second % 7 === 0) await new Promise(setImmediate);
  }
  log.push({ type: 'ended', result: failedRun });
  const [all = '', later = ''] = await Promise.all(answers.map((answer) => answer.text()));
  const secondsIn = (text: string): number[] => [...text.matchAll(/"endS":\[(\d+)\]/g)].map((match) => Number(match[1]) - 1);
  expect(secondsIn(all)).toEqual(Array.from({ length: 50 }, (_, i) => i));
  expect(secondsIn(later)).toEqual(Array.from({ length: 49 }, (_, i) => i + 1));
});

test("Locust's shape is served: a row per name, the one over all last, and its words for states", async () => {
  expect(await (await appOf().ask('/stats/requests')).json()).toMatchObject({ state: 'ready', stats: [], user_count: 0 });
  const current: WatchedRun = { ...STILL, log: logOf(3) };
  current.log.push({ type: 'state', state: 'running', detail: 'measuring' });
  const times = { medianMs: 1, p95Ms: 1, p99Ms: 1, averageMs: 1, minMs: 1, maxMs: 1, averageBytes: 1 };
  const total = { task: '', method: '', name: 'Aggregated', count: 60, failed: 6, perSecond: 10, failedPerSecond: 1, ...times };
  const failure = { name: '/a', kind: 'status', code: 1500, firstSeenMs: 0, lastSeenMs: 0, sample: '' };
  const errors = [
    { ...failure, count: 6 },
    { ...failure, count: 9, period: 'warm-up' },
    { ...failure, kind: 'script', count: 3 },
  ];
  current.log.push({ type: 'second', series: secondAt(3), live: { ...LIVE, rows: [total], errors, countedS: 4 } });
  const { stats, ...rest } = (await (await appOf({ current }).ask('/stats/requests')).json()) as Record<string, unknown>;
  const rates = { total_rps: 15, total_fail_per_sec: 1.5, current_rps: 10, current_fail_per_sec: 1 };
  expect(rest).toMatchObject({ ...rates, state: 'running', user_count: 5, fail_ratio: 0.1, errors: [{ occurrences: 6 }] });
  expect(rest['current_response_time_percentiles']).toMatchObject({ 'response_time_percentile_0.95': 3 });
  expect(stats).toMatchObject([{ name: 'Aggregated', ...rates }]);
  current.log.push({ type: 'ended', result: failedRun });
  const ended = await (await appOf({ current }).ask('/stats/requests')).json();
  expect(ended).toMatchObject({ total_rps: failedRun.requests.at(-1)?.perSecond, current_rps: 0, stats: [{ current_rps: 0 }] });
});
