import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

test.concurrent('a median that is on its limit is judged as the value that it is: 5 is at most 5, is 5, and is not more than 5', async () => {
  const { url } = await startTarget();
  const script = (thresholds: string) => `import { metrics, vu } from 'stressrun';
const small = metrics.trend('small');
const large = metrics.trend('large');
const took = metrics.trend('took', { unit: 'time' });
export const options = { vus: 1, iterations: 100, thresholds: ${thresholds} };
export default () => {
  small.add([3, 5, 5, 5, 7][vu.iteration % 5] ?? 0);
  large.add(vu.iteration === 0 ? 1 : vu.iteration >= 96 ? 9000 : 2000);
  took.add([3, 5, 5, 5, 7][vu.iteration % 5] ?? 0);
};
`;
  const { at } = project({
    'on.ts': script("{ small: ['med<=5', 'med==5', 'p(90)<=7'], large: ['p(90)<=2000'], took: ['med<=5', 'med==5'] }"),
    'over.ts': script("{ small: ['med>5'] }"),
  });
  const on = await load([at('on.ts'), '--base-url', url]);
  expect(on.run.thresholds.map(({ expression, outcome, actual }) => [expression, outcome, actual])).toEqual([
    ['small: med<=5', 'met', 5],
    ['small: med==5', 'met', 5],
    ['small: p(90)<=7', 'met', 7],
    ['large: p(90)<=2000', 'met', 2000],
    ['took: med<=5', 'met', 5],
    ['took: med==5', 'met', 5],
  ]);
  expect(on.exitCode).toBe(0);
  expect(on.run.metrics['small']?.values).toMatchObject({ min: 3, med: 5, max: 7, p90: 7 });
  const over = await load([at('over.ts'), '--base-url', url]);
  expect([over.exitCode, over.run.thresholds[0]?.detail]).toEqual([99, 'p50 5, limit more than 5: missed, it is the limit itself']);
});

test.concurrent('percentiles of pixels, bytes, moments and negative numbers are theirs and not the maximum', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'far.ts': `import { metrics } from 'stressrun';
const pixels = metrics.trend('pixels');
const memory = metrics.trend('gpu_memory', { unit: 'data' });
const moment = metrics.trend('moment');
const drift = metrics.trend('drift');
export const options = { vus: 1, iterations: 100, thresholds: {
  pixels: ['med<16000000'], gpu_memory: ['med<5600000000'], moment: ['p(10)<1700100000000'], drift: ['med<-0.4', 'p(99)<0.6'],
} };
let n = 0;
export default () => {
  n++;
  pixels.add(1e7 + n * 1e5);
  memory.add(5e9 + n * 1e7);
  moment.add(1.7e12 + n * 1e9);
  drift.add(n <= 60 ? -n / 100 - 0.2 : n / 1000);
};
`,
  });
  const { exitCode, run } = await load([at('far.ts'), '--base-url', url]);
  expect(run.thresholds.map(({ outcome }) => outcome)).toEqual(['met', 'met', 'missed', 'missed', 'met']);
  expect(run.thresholds[0]?.actual).toBeCloseTo(15e6, -4);
  expect(run.thresholds[1]?.actual).toBeCloseTo(5.5e9, -7);
  expect(run.metrics['drift']?.values).toMatchObject({ min: -0.8, max: 0.1, count: 100 });
  expect([exitCode, run.notes.filter((note) => note.includes('beyond'))]).toEqual([99, []]);
});

test.concurrent('0.0004 is shown as such, of a number, a gauge and a time, and misses 0.0001 by 0.3 µs', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'tiny.ts': `import { metrics } from 'stressrun';
const share = metrics.trend('box_error');
const drift = metrics.gauge('drift');
const took = metrics.trend('took', { unit: 'time' });
export const options = { vus: 1, iterations: 10, thresholds: { took: ['max<0.0001'], box_error: ['med<=0.0004'] } };
export default () => {
  share.add(0.0004);
  drift.add(0.0004);
  took.add(0.0004);
};
`,
  });
  const { exitCode, run, stdout } = await load([at('tiny.ts'), '--base-url', url]);
  expect(exitCode).toBe(99);
  expect(run.thresholds.map(({ detail }) => detail)).toEqual([
    'max 0.4µs, limit 0.1µs: missed by 0.3µs (+300%)',
    'p50 0.0004, limit 0.0004: met',
  ]);
  expect(stdout).toMatch(/box_error +trend +avg 0\.0004, min 0\.0004, med 0\.0004/);
  expect(stdout).toMatch(/drift +gauge +value 0\.0004, min 0\.0004, max 0\.0004/);
  expect(stdout).toMatch(/took +trend +avg 0\.4µs/);
});

test.concurrent('a metric of a name of our own is refused at module level, and no value is left out without a note', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'own.ts': `import { metrics } from 'stressrun';
const mine = metrics.trend('http_reqs');
export default () => { mine.add(7); };
`,
    'odd.ts': `import { metrics } from 'stressrun';
const worked = metrics.rate('worked');
const took = metrics.trend('took_ms');
export const options = { vus: 1, iterations: 10 };
export default () => {
  worked.add(undefined as never);
  worked.add(true);
  took.add('12' as never);
  took.add(null as never);
};
`,
  });
  const own = await cli([at('own.ts'), '--base-url', url]);
  expect(own.exitCode).toBe(107);
  expect(own.stderr).toContain(`metrics.trend: "http_reqs" is a metric of stressrun's own: expected a name that is not taken`);
  const odd = await load([at('odd.ts'), '--base-url', url]);
  expect(odd.run.notes.filter((note) => note.includes('left out'))).toEqual([
    'worked: 10 values were left out, being neither true, false nor a number',
    'took_ms: 20 values were left out, being no finite number (such as text, null, NaN)',
  ]);
  expect(odd.run.metrics['worked']?.values).toMatchObject({ passes: 10, fails: 0 });
});

test.concurrent('what a script throws can be read: the object, the cause, the errors within; those that differ in a number are one row', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'throws.ts': `import { vu } from 'stressrun';
export const options = { vus: 1, iterations: 8 };
export default () => {
  console.log(/a+/g, new Map([['k', 1]]), {});
  if (vu.iteration === 0) throw { code: 17, reason: 'quota' };
  if (vu.iteration === 1) throw { code: 18, reason: 'login' };
  if (vu.iteration === 2) throw new Error('outer', { cause: new Error('the real reason') });
  if (vu.iteration === 3) throw new AggregateError([new Error('first'), new Error('second')], 'all');
  throw new Error('user ' + vu.iteration + ' is unknown');
};
`,
  });
  const { run, stderr } = await load([at('throws.ts'), '--base-url', url]);
  expect(run.errors.map(({ name, count }) => [name, count]).sort()).toEqual([
    ['AggregateError: all (with Error: first; with Error: second)', 1],
    ['Error: outer (caused by Error: the real reason)', 1],
    ['Error: user # is unknown', 4],
    ['threw { code: 17, reason: "quota" }', 1],
    ['threw { code: 18, reason: "login" }', 1],
  ]);
  expect(run.errors.find(({ name }) => name.startsWith('Error: outer'))?.sample).toMatch(
    /caused by Error: the real reason\n {4}at .*throws\.ts:7/,
  );
  expect(stderr).toContain('/a+/g Map { "k" => 1 } {}');
});

test.concurrent('failures.csv joins stats.csv by method and name, a row whose requests all failed has its times, and counts are those of the measured run', async () => {
  const { url } = await startTarget({ '/full': { status: 429, delayMs: 5, body: 'x'.repeat(100) } });
  const { at } = project({
    'config.yaml': 'warm_up: { requests: 3 }\n',
    'tasks.ts': `import { http, mix } from 'stressrun';
export const options = { vus: 2, duration: '3s' };
export default mix({
  first: async () => { await http.get('/full'); await http.get('/ok'); },
  second: async () => { await http.get('/full'); await http.post('/full'); },
}, { first: 1, second: 1 });
`,
  });
  const { run, folder, stdout } = await load([at('tasks.ts'), '--base-url', url, '--config', at('config.yaml')]);
  const csv = (name: string) => parse(readFileSync(join(folder, name)), { columns: true }) as Record<string, string>[];
  const [stats, failures, history] = [csv('stats.csv'), csv('failures.csv'), csv('stats_history.csv')];
  const keyOf = (row: Record<string, string>) => `${row['Type'] ?? row['Method']} ${row['Name']}`;
  expect(failures.map(keyOf).sort()).toEqual(['GET /full [first]', 'GET /full [second]', 'POST /full']);
  for (const row of failures) {
    const of = stats.filter((each) => keyOf(each) === keyOf(row));
    expect(of.map((each) => each['Failure Count'])).toEqual([row['Occurrences']]);
    expect(Number(of[0]?.['Median Response Time'])).toBeGreaterThanOrEqual(5);
    expect(of[0]?.['Average Content Size']).toBe('100');
  }
  expect(stdout).toMatch(/× status 429: GET \/full \(first\)/);
  expect(stdout).toMatch(/× status 429: \S+ \/full \(\w+, during warm-up\)/);
  const failed = run.errors.filter(({ period }) => period === undefined).reduce((sum, { count }) => sum + count, 0);
  expect(failed).toBe(run.requests.at(-1)?.failed);
  // idle seconds before the load are in no rate: the first measured second has what came in it
  const first = history.find((row) => Number(row['Total Request Count']) > 0);
  expect(Number(first?.['Requests/s'])).toBeGreaterThan(0.5 * Number(first?.['Total Request Count']));
});

test.concurrent('setup, login and groups have rows, setup is judged where a threshold names it, tags and variables are told, and ever new paths share a row', async () => {
  const { url } = await startTarget({ '/login': { delayMs: 20 } });
  const { at } = project({
    'shown.ts': `import { check, env, group, http } from 'stressrun';
export const options = { vus: 2, iterations: 80, thresholds: {
  'http_req_duration{period:setup}': ['min>=15ms'], 'http_reqs{period:setup}': ['count==3'], http_reqs: ['count==160'],
} };
export const setup = async () => { await http.post('/login'); };
export const vuSetup = async () => { await http.post('/login'); };
let n = 0;
export default async () => {
  await group('shop', async () => {
    const res = await http.get('/basket');
    check(res, { 'is a basket': (r) => r.status === 200 });
  });
  await http.get('/items/' + Math.floor(Math.random() * 1e9) + n++ + (env.MODEL ?? ''));
};
`,
  });
  const { run, stdout, exitCode, folder } = await load([
    ...[at('shown.ts'), '--base-url', url, '--tag', 'commit=3f9a2c', '-e', 'MODEL=small', '-e', 'API_TOKEN=hunter2hunter2'],
  ]);
  expect(run.thresholds.map(({ outcome }) => outcome)).toEqual(['met', 'met', 'met']);
  expect(exitCode).toBe(0);
  expect(run.uncounted).toMatchObject([{ period: 'setup', method: 'POST', name: '/login', count: 3, failed: 0 }]);
  expect(run.groups).toMatchObject([{ group: '::shop', times: 80, requests: 80, failed: 0, checks: 80, checksFailed: 0 }]);
  expect(run.requests.map(({ name, count }) => (name.startsWith('/items/') ? count : [name, count])).filter((row) => row !== 1)).toEqual([
    ['/basket', 80],
    ['(other requests)', 32],
    ['Aggregated', 160],
  ]);
  expect(run.notes.join()).toMatch(/32 paths share the row "\(other requests\)", such as \/items\/\S+: http\.url/);
  expect(stdout).toMatch(/Requests of setup and teardown, outside the verdict\n.*\n.*\n {2}setup +POST +\/login +3 +0/);
  expect(stdout).toMatch(/Groups\n.*\n.*\n {2}::shop +80/);
  expect(stdout.replace(/\s+/g, ' ')).toContain('tags commit=3f9a2c, variables MODEL=small, API_TOKEN=[redacted]');
  const kept = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
  expect(kept.environment).toMatchObject({ tags: { commit: '3f9a2c' }, variables: { MODEL: 'small', API_TOKEN: '[redacted]' } });
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('commit=3f9a2c');
  const names = new Set(
    (parse(readFileSync(join(folder, 'stats.csv')), { columns: true }) as Record<string, string>[]).map((row) => row['Name']),
  );
  expect(names.size).toBe(51);
  expect(run.series?.rows.length).toBe(50);
});
