import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import type { Comparison, Edit, RunEntry, RunView, Status } from '../../runtime/views/api.ts';
import { type CliProcess, cli, startCli } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { type Numbered, numberedEvents } from '../support/watched-run.ts';

const NO_RUN: Status = { id: null, state: null, isPlanning: false };

/** The API of a started program. */
class Client {
  readonly base: string;
  readonly headers: Record<string, string>;

  constructor(base: string, headers: Record<string, string> = {}) {
    this.base = base;
    this.headers = headers;
  }

  ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.base}${path}`, { ...init, headers: { ...this.headers, ...(init.headers as Record<string, string> | undefined) } });
  }

  async get<T>(path: string): Promise<T> {
    return (await (await this.ask(`/api/v1${path}`)).json()) as T;
  }

  async post<T>(path: string, body: unknown): Promise<{ status: number; body: T }> {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await this.ask(`/api/v1${path}`, init);
    return { status: answer.status, body: (await answer.json()) as T };
  }

  /** Events until one is the last that is wanted, or the stream ends. */
  async events(path: string, isLast: (event: Numbered) => boolean, lastSeen?: number): Promise<Numbered[]> {
    const headers: Record<string, string> = lastSeen === undefined ? {} : { 'last-event-id': String(lastSeen) };
    const answer = await this.ask(`/api/v1${path}`, { headers });
    const seen: Numbered[] = [];
    for await (const numbered of numberedEvents(answer)) {
      seen.push(numbered);
      if (isLast(numbered)) break;
    }
    return seen;
  }
}

async function opened(ui: CliProcess): Promise<string> {
  const [, url = ''] = await ui.printed(/web UI: (http:\S+)/);
  return url;
}

function secondsOf(events: readonly Numbered[]): number[] {
  return events.flatMap(({ event }) => (event.type === 'second' ? event.series.endS : []));
}

function requestsPerSecond(events: readonly Numbered[]): number {
  const added = events.flatMap(({ event }) => (event.type === 'second' ? [event.series] : []));
  return added.reduce((sum, { requests }) => sum + (requests[0] ?? 0), 0) / added.length;
}

const isSecondsIn = (second: number) => (seen: Numbered) => seen.event.type === 'second' && (seen.event.series.endS[0] ?? 0) >= second;

describe('a run from the web UI', () => {
  const runDir = temporaryFolder();
  /** The rate follows the users, whatever else this machine does: a user waits 200 ms after each request. */
  const { folder } = project({
    'config.yaml': `environments:
  demo: { target: embedded, truth: shapes }
  prod: { base_url: "http://127.0.0.1:9", production: true }
  big: { base_url: "http://127.0.0.1:9" }
defaults: { environment: demo }
test_profiles: { calm: { users: 2, duration: 60s, think_time: 200ms } }
thresholds: { max_failure_rate: 1%, max_p95: 5s }
`,
    'scripts/ask.ts': `import { http } from 'stressrun';
export default async () => { await http.get('/health'); };
`,
  });
  let ui: CliProcess;
  let isOver = false;
  let client: Client;
  let explored: string;

  beforeAll(async () => {
    ui = startCli(['ui', '--port', '0', '--run-dir', runDir, '-p', 'calm', '--on-inconclusive', 'warn'], {
      cwd: folder,
      timeoutMs: 120_000,
    });
    void ui.ended.finally(() => (isOver = true));
    client = new Client((await opened(ui)).replace(/\/$/, ''));
  });
  afterAll(() => {
    if (!isOver) ui.signal('SIGKILL', 'group');
  });

  test('before the first run there is none, and the form is that of config.yaml', async () => {
    expect(await client.get<Status>('/status')).toEqual(NO_RUN);
    expect(await client.get('/options')).toMatchObject({
      scripts: [{ path: 'scripts/ask.ts' }],
      environments: [{ name: 'demo' }, { name: 'prod', isProduction: true }, { name: 'big' }],
      profiles: [{ name: 'calm', summary: '2 users for 1m' }],
      thresholds: { max_failure_rate: '1%', max_p95: '5s' },
      defaults: { profile: 'calm' },
    });
    expect((await client.ask('/api/v1/runs/current')).status).toBe(404);
  });

  test('a plan is drawn and nothing is started; what cannot be is 422 with the nearest name', async () => {
    const { status, body } = await client.post('/plan', {
      script: 'scripts/ask.ts',
      users: 7,
      duration: '10s',
      thresholds: { max_p95: '4s' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      environment: 'demo',
      scenarios: [{ model: 'closed', users: 7, durationS: 10 }],
      thresholds: [{ expression: expect.stringContaining('p(95)<4s') }, { source: 'thresholds.max_failure_rate' }],
    });
    expect(await client.get<Status>('/status')).toEqual(NO_RUN);
    const refused = await client.post('/plan', { script: 'scripts/ask.ts', profile: 'clam' });
    expect(refused).toMatchObject({ status: 422, body: { error: { message: expect.stringContaining('did you mean "calm"?') } } });
    expect((await client.post('/plan', { script: '../config.yaml' })).status).toBe(422);
  });

  test('production needs its name typed', async () => {
    const form = { script: 'scripts/ask.ts', environment: 'prod', duration: '1s' };
    expect(await client.post('/runs', form)).toMatchObject({
      status: 403,
      body: { error: { message: expect.stringContaining('"prod"') } },
    });
    expect((await client.post('/runs', { ...form, allowProduction: 'demo' })).status).toBe(403);
    expect((await client.post('/runs', { ...form, environment: 'big' })).status).toBe(403); // another name of the same host
    expect(await client.get<Status>('/status')).toEqual(NO_RUN);
  });

  test('users 2 → 20 while it runs: the rate follows within seconds, both watchers see every second once, and the run is judged by stretch', async () => {
    const { status, body } = await client.post<{ id: string }>('/runs', { script: 'scripts/ask.ts', profile: 'calm', duration: '40s' });
    expect(status).toBe(201);
    explored = body.id;
    expect((await client.post('/runs', { script: 'scripts/ask.ts' })).status).toBe(409);
    const events = `/runs/${explored}/events`;
    const watcher = client.events(events, ({ event }) => event.type === 'ended');

    const began = await client.events(events, ({ event }) => event.type === 'state' && event.state === 'running');
    const before = await client.events(events, isSecondsIn((secondsOf(began).at(-1) ?? 0) + 6), began.at(-1)?.number);
    const askedAtMs = Date.now();
    const edit = await client.post<Edit>('/runs/current/edit', { users: 20 });
    expect(edit).toMatchObject({ status: 202, body: { change: 'users 2 → 20 (default)' } });
    const after = await client.events(events, isSecondsIn(edit.body.second + 6), before.at(-1)?.number);
    const first = after.find(({ event }) => event.type === 'second' && event.series.users[0] === 20);
    expect(
      first?.event.type === 'second' ? first.event.series.startMs + (first.event.series.endS[0] ?? 0) * 1000 - askedAtMs : 'never',
    ).toBeLessThan(5_000);
    expect(requestsPerSecond(after.filter(isSecondsIn(edit.body.second + 2)))).toBeGreaterThan(3 * requestsPerSecond(before.slice(-3)));

    // the connection is lost and found again
    await pause(2_500);
    const again = await client.events(events, ({ event }) => event.type === 'second', after.at(-1)?.number);
    const later = await client.events(events, isSecondsIn((secondsOf(again).at(-1) ?? 0) + 1), again.at(-1)?.number);
    const whole = [...began, ...before, ...after, ...again, ...later];
    expect(whole.map(({ number }) => number)).toEqual(whole.map((_, i) => i + 1));

    const view = await client.get<RunView>('/runs/current');
    expect(view).toMatchObject({
      id: explored,
      state: 'running',
      edits: [{ change: 'users 2 → 20 (default)' }],
      entry: { isExploratory: true },
    });
    expect(view.series.endS.slice(0, secondsOf(whole).length)).toEqual(secondsOf(whole));

    expect((await client.post('/runs/current/edit', { rate: 5 })).status).toBe(422);
    expect((await client.post('/runs/current/stop', { how: 'graceful' })).status).toBe(202);
    const all = await watcher;
    expect(all.map(({ number }) => number)).toEqual(all.map((_, i) => i + 1));
    expect((await client.get<RunView>(`/runs/${explored}`)).series.endS).toEqual(secondsOf(all));
    const end = all.at(-1)?.event;
    const result = end?.type === 'ended' ? end.result : undefined;
    expect(result?.verdict.outcome).toBe('interrupted');
    expect(result?.exploratory?.segments.map(({ phase, change }) => [phase, change])).toEqual([
      ['base', ''],
      ['edit-1', 'users 2 → 20 (default)'],
    ]);
    expect((await client.ask(`/api/v1${events}`, { headers: { 'last-event-id': String(all.at(-1)?.number) } })).status).toBe(204);
  });

  test('what was explored or interrupted is no baseline; its files can be downloaded', async () => {
    expect((await client.post(`/runs/${explored}/baseline`, { name: 'main' })).status).toBe(409);
    const { files } = await client.get<RunView>(`/runs/${explored}`);
    expect(files).toEqual(expect.arrayContaining(['run.json', 'plan.json', 'journal.ndjson', 'stats.csv']));
    const csv = await (await client.ask(`/api/v1/runs/${explored}/files/stats.csv`)).text();
    expect(csv.split('\r\n')[0]).toContain('Request Count');
    const run = (await (await client.ask(`/api/v1/runs/${explored}/files/run.json`)).json()) as RunJson;
    expect(run.exploratory?.segments).toHaveLength(2);
    expect((await client.ask(`/api/v1/runs/${explored}/files/config.yaml`)).status).toBe(404);
  });

  test('a run that passes becomes a baseline, and two are compared', async () => {
    const form = { script: 'scripts/ask.ts', profile: 'calm', users: 3, duration: '3s' };
    const { body } = await client.post<{ id: string }>('/runs', form);
    await client.events(`/runs/${body.id}/events`, ({ event }) => event.type === 'ended');
    const { result } = await client.get<RunView>(`/runs/${body.id}`);
    const isPassed = result?.verdict.outcome === 'passed';
    // a machine that others use may be too slow for a verdict
    expect(['passed', 'inconclusive']).toContain(result?.verdict.outcome);
    expect((await client.post(`/runs/${body.id}/baseline`, { name: 'main' })).status).toBe(isPassed ? 201 : 409);

    const list = await client.get<RunEntry[]>('/runs');
    expect(list.map(({ id }) => id)).toEqual([body.id, explored]);
    expect(list[0]).toMatchObject({ script: 'scripts/ask.ts', profile: 'calm', baselines: isPassed ? ['main'] : [] });
    const comparison = await client.get<Comparison>(`/compare?runs=${explored},${body.id}`);
    expect(comparison.rows.map(({ name, values }) => [name, values.length])).toEqual([
      ['/health', 2],
      ['Aggregated', 2],
    ]);
    expect(comparison.differences).toEqual(
      expect.arrayContaining(['load: default 2 users, 40s → default 3 users, 3s', `${explored} was changed while it ran`]),
    );
    expect(await client.get(`/trend?script=scripts%2Fask.ts&profile=calm`)).toMatchObject([{ id: body.id }]);
    expect((await client.ask('/api/v1/compare?runs=nothing,else')).status).toBe(404);
  });

  test("Locust's pollers and Prometheus find what they look for", async () => {
    expect(await (await client.ask('/stats/requests')).json()).toMatchObject({
      state: 'stopped',
      stats: [{ method: 'GET', name: '/health', num_failures: 0 }, { name: 'Aggregated' }],
    });
    expect(await (await client.ask('/metrics')).text()).toContain('stressrun_');
    expect(((await (await client.ask('/api/openapi.json')).json()) as { openapi: string }).openapi).toBe('3.1.0');
  });

  test('a page of another origin, or under another name, changes nothing', async () => {
    const post = (headers: Record<string, string>) =>
      client.ask('/api/v1/runs', { method: 'POST', headers, body: '{"script":"scripts/ask.ts"}' });
    expect((await post({ 'content-type': 'application/json', origin: 'http://evil.example' })).status).toBe(403);
    expect((await post({ 'content-type': 'text/plain' })).status).toBe(415);
    expect((await client.ask('/stop')).status).toBe(404);
  });

  test('Ctrl-C ends it with the verdict of the last run', async () => {
    const [last] = await client.get<RunEntry[]>('/runs');
    ui.signal('SIGINT');
    expect((await ui.ended).exitCode).toBe(last?.outcome === 'passed' || last?.outcome === 'inconclusive' ? 0 : -1);
  });
});

test('on another address the token is printed once, and who has none gets 401, how to come in, and nothing else', async () => {
  const ui = startCli(['ui', '--ui', '0.0.0.0:0', '--run-dir', temporaryFolder()], { env: { STRESSRUN_UI_TOKEN: 'a given token' } });
  const url = await opened(ui);
  expect(url).toMatch(/^http:\/\/localhost:\d+\/\?token=a%20given%20token$/);
  const base = url.replace(/\/\?.*/, '').replace('localhost', '127.0.0.1');
  for (const path of ['/', '/api/v1/status', '/?token=wrong']) {
    const answer = await fetch(`${base}${path}`);
    expect([answer.status, await answer.text()]).toEqual([401, expect.stringMatching(/^401: open .* \?token=…$/)]);
  }
  expect((await fetch(`${base}/healthz`)).status).toBe(200);
  const welcome = await fetch(`${base}/?token=a%20given%20token`, { redirect: 'manual' });
  const cookie = welcome.headers.get('set-cookie')?.split(';')[0] ?? '';
  expect((await fetch(`${base}/api/v1/status`, { headers: { cookie } })).status).toBe(200);
  ui.signal('SIGTERM');
  expect((await ui.ended).exitCode).toBe(0);
});

test('--ui on a run starts at once and, without a terminal, ends with the run and its exit code', async () => {
  const runDir = temporaryFolder();
  const args = ['scripts/health.ts', '--env', 'demo', '-u', '1', '-d', '2s', '--ui=0', '--run-dir', runDir];
  const ui = startCli([...args, '--on-inconclusive', 'warn']);
  const client = new Client((await opened(ui)).replace(/\/$/, ''));
  const status = await client.get<Status>('/status');
  // the address is printed first: whoever opens it at once is told to wait
  expect(status.isPlanning || status.id !== null).toBe(true);
  const { exitCode, stdout } = await ui.ended;
  expect(stdout).toContain('Run folder');
  // whatever a busy machine made of it, it is the run's own
  const { run } = JSON.parse(readFileSync(join(runDir, 'latest', 'run.json'), 'utf8')) as RunJson;
  expect(exitCode).toBe(run.exitCode);
});

test('a port that is taken is a 104 with a remedy, and what stops a run before it begins is its exit code', async () => {
  const first = startCli(['ui', '--port', '0', '--run-dir', temporaryFolder()]);
  const { port } = new URL(await opened(first));
  const second = await cli(['scripts/health.ts', '--env', 'demo', `--ui=${port}`]);
  expect([second.exitCode, second.stderr]).toEqual([104, expect.stringContaining('--ui=0 takes a free one')]);
  first.signal('SIGINT');
  expect((await first.ended).exitCode).toBe(0);
  const nowhere = await cli(['ui', 'nope.ts']);
  expect([nowhere.exitCode, nowhere.stderr]).toEqual([104, expect.stringContaining('nope.ts: expected a script file')]);
  const unknown = await cli(['scripts/health.ts', '--env', 'nowhere', '--ui=0']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([104, expect.stringContaining('nowhere')]);
});
