import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunView } from '../../runtime/views/api.ts';
import { type CliProcess, startCli } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { type Answer, askAt } from '../support/reverse-proxy.ts';

const { folder } = project({
  'config.yaml': 'environments:\n  demo: { target: embedded }\ndefaults: { environment: demo }\nthresholds: { max_p95: 20s }\n',
  'scripts/mixed.ts': `import { http, mix, sleep } from 'stressrun';
const ask = async (path: string) => { await http.get(path); console.log('asked ' + path); await sleep(0.05); };
export default mix(
  { often: async () => ask('/health'), rarely: async () => ask('/nowhere'), badly: async () => { await sleep(0.05); throw new Error('lost my way'); } },
  { often: 6, rarely: 3, badly: 1 },
);
`,
});
let ui: CliProcess;
let port: number;

/** All of this is asked while the run goes on. */
beforeAll(async () => {
  ui = startCli(['ui', '--port', '0', '--csv-full-history', '--run-dir', temporaryFolder()], { cwd: folder, timeoutMs: 240_000 });
  port = Number(new URL((await ui.printed(/web UI: (http:\S+)/))[1] ?? '').port);
  expect((await get('/exceptions')).status).toBe(404); // no run has begun
  const body = JSON.stringify({ script: 'scripts/mixed.ts', users: 3, duration: '3m' });
  const started = await askAt(port, '/api/v1/runs', {
    method: 'POST',
    headers: { ...JSON_BODY, 'content-length': String(body.length) },
    body,
  });
  expect(started.status).toBe(201);
  // of some seconds, about 57 each: what a reset leaves must be less
  const isSeen = (live: RunView['live']): boolean =>
    (live?.rows.at(-1)?.count ?? 0) > 200 && live?.errors.some(({ kind }) => kind === 'script') === true;
  while (!isSeen((await view()).live)) await pause(200);
}, 120_000);
afterAll(async () => {
  ui.signal('SIGINT');
  await ui.ended;
});

const JSON_BODY = { 'content-type': 'application/json' };
const get = (path: string, headers: Record<string, string> = {}): Promise<Answer> => askAt(port, path, { headers });
const view = async (): Promise<RunView> => JSON.parse((await get('/api/v1/runs/current')).body) as RunView;
/** Rows of a CSV file whose cells hold no line breaks, by the names of its head. */
const rowsOf = ({ body }: Answer): Record<string, string>[] => {
  const [head = '', ...lines] = body.trim().split('\r\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell])));
};

test('requests, their history and failures are downloads in the columns of Locust, while the run goes on', async () => {
  const [requests, history, failures] = await Promise.all(
    ['/stats/requests/csv', '/stats/requests_full_history/csv', '/stats/failures/csv'].map((path) => get(path)),
  );
  expect(requests?.headers['content-disposition']).toMatch(/^attachment; filename="requests_.*\.csv"$/);
  const rows = rowsOf(requests as Answer);
  expect(rows.map(({ Name }) => Name)).toEqual(['/health', '/nowhere', 'Aggregated']);
  expect(Number(rows.at(-1)?.['Request Count'])).toBe(Number(rows[0]?.['Request Count']) + Number(rows[1]?.['Request Count']));
  expect(rows[1]?.['Failure Count']).toBe(rows[1]?.['Request Count']);
  const seconds = rowsOf(history as Answer);
  expect(Object.keys(seconds[0] ?? {}).slice(0, 6)).toEqual(['Timestamp', 'User Count', 'Type', 'Name', 'Requests/s', 'Failures/s']);
  const last = seconds.slice(-3);
  expect(last.map(({ Type, Name }) => [Type, Name])).toEqual([
    ['GET', '/health'],
    ['GET', '/nowhere'],
    ['', 'Aggregated'],
  ]);
  expect(new Set(last.map(({ Timestamp }) => Timestamp)).size).toBe(1);
  const [often, rarely, all] = last.map((row) => Number(row['Total Request Count']));
  expect((often ?? 0) + (rarely ?? 0)).toBe(all);
  expect(seconds.at(-1)).toMatchObject({ 'User Count': '3', Name: 'Aggregated' });
  expect(failures?.body).toMatch(/^GET,\/nowhere,.*,1404,rarely\r?$/m);
});

test('exceptions, tasks by their weights, and logs are JSON as Locust has it', async () => {
  const { exceptions } = JSON.parse((await get('/exceptions')).body);
  expect(exceptions).toEqual([
    { count: expect.any(Number), msg: expect.stringContaining('lost my way'), traceback: expect.any(String), nodes: 'local' },
  ]);
  expect((await get('/exceptions/csv')).body).toMatch(/^Count,Message,Traceback,Nodes[\s\S]*lost my way/);
  expect(JSON.parse((await get('/tasks')).body).total).toEqual({
    'mixed.ts': { ratio: 1, tasks: { often: { ratio: 0.6 }, rarely: { ratio: 0.3 }, badly: { ratio: 0.1 } } },
  });
  const { master } = JSON.parse((await get('/logs')).body);
  expect(master.some((line: string) => /^\[\d{4}-.*\] INFO: VU \d+: asked \/health$/.test(line))).toBe(true);
});

test('the report is there while the run goes on, and says that it does', async () => {
  const shown = await get('/stats/report');
  expect(shown.headers['content-security-policy']).toContain('sandbox');
  expect(shown.body).toContain('the run goes on: this is what it measured so far');
  expect(shown.body).toContain('id="tasks"');
  expect((await get('/stats/report?download=1')).headers['content-disposition']).toMatch(/^attachment; filename="report_/);
});

test('a reset begins the tables anew, by Locust’s GET too, but not for a page of another site; the files stay over the whole run', async () => {
  expect((await get('/stats/reset', { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  const before = rowsOf(await get('/stats/requests/csv')).at(-1)?.['Request Count'];
  const { live } = await view();
  expect(live?.sinceSecond).toBe(0);
  expect((await get('/stats/reset')).body).toBe('ok');
  await expect.poll(async () => (await view()).live?.sinceSecond, { timeout: 20_000 }).toBeGreaterThan(0);
  const after = await view();
  const { total_rps, stats } = JSON.parse((await get('/stats/requests')).body);
  expect(after.live?.rows.at(-1)?.count).toBeLessThan(live?.rows.at(-1)?.count ?? 0);
  expect(total_rps).toBeGreaterThan(0);
  expect(stats.at(-1).num_requests).toBeLessThan(live?.rows.at(-1)?.count ?? 0);
  expect(Number(rowsOf(await get('/stats/requests/csv')).at(-1)?.['Request Count'])).toBeGreaterThanOrEqual(Number(before));
});
