import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { cli, load, type RunResult } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const { at } = project({
  'config.yaml': 'reports: { by: [plan] }\n',
  'shop.ts': `import { check, group, http, sleep, vu } from 'stressrun';
export const options = { scenarios: { shop: { executor: 'per-vu-iterations', vus: 2, iterations: 12 } } };
export const vuSetup = async () => { await http.post('/login'); };
export default async () => {
  const plan = ['free', 'pro', 'pro'][vu.iteration % 3];
  await group('basket', async () => {
    const res = await http.get('/basket', { tags: { plan } });
    check(res, { 'is there': (r) => r.status === 200 });
  });
  await http.get('/news');
  await sleep(0.15);
};
`,
});
/** Rows of a CSV file, by the names of its head. */
function rowsOf(path: string): Record<string, string>[] {
  const [head = '', ...lines] = readFileSync(path, 'utf8').trim().split('\r\n');
  const names = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, i) => [names[i] ?? '', cell])));
}

let done: RunResult;
let prefix: string;
beforeAll(async () => {
  const target = await startTarget();
  prefix = join(temporaryFolder(), 'shop');
  done = await load([at('shop.ts'), '--base-url', target.url, '--csv', prefix, '--csv-full-history', '--md', `${prefix}.md`]);
  expect(target.counts()).toMatchObject({ '/basket': 24, '/news': 24, '/login': 2 });
}, 90_000);

const report = (args: readonly string[]) => cli(['report', done.folder, ...args]);

test('reports.by: [plan] gives a row for each plan in run.json, console, Markdown, page and CSV', () => {
  const { run, stdout, folder } = done;
  expect(run.byTag?.map(({ tag, values, rows }) => [tag, values, rows.map(({ value, count, failed }) => [value, count, failed])])).toEqual([
    [
      'plan',
      2,
      [
        ['free', 8, 0],
        ['pro', 16, 0],
        ['(without the tag)', 24, 0],
      ],
    ],
  ]);
  expect(stdout).toMatch(/Requests by plan\n +plan +count +failed +req\/s +avg +p50 +p95 +p99\n[ ─]+\n +free +8 +0 .*\n +pro +16 +0 /);
  const markdown = readFileSync(`${prefix}.md`, 'utf8');
  expect(markdown).toMatch(
    /\| `plan` \| count \| failed \| req\/s \| avg \| p50 \|.*\n.*\n\| `free` \| 8 \| 0 \|.*\n\| `pro` \| 16 \| 0 \|/,
  );
  expect(readFileSync(join(folder, 'report.html'), 'utf8')).toMatch(/<h2>Requests by plan<\/h2>[\s\S]*>free<[\s\S]*>pro</);
  expect(rowsOf(`${prefix}_by_tag.csv`).map((row) => [row['Tag'], row['Value'], row['Request Count']])).toEqual([
    ['plan', 'free', '8'],
    ['plan', 'pro', '16'],
    ['plan', '(without the tag)', '24'],
  ]);
});

test('groups and the requests of vuSetup are rows of Markdown and CSV', () => {
  const markdown = readFileSync(`${prefix}.md`, 'utf8');
  expect(markdown).toMatch(/\| Group \| times \|.*\n.*\n\| `::basket` \| 24 \|/);
  expect(markdown).toMatch(/Requests of setup and teardown, outside the verdict:\n\n.*\n.*\n\| setup \| `POST \/login` \| 2 \| 0 \|/);
  expect(rowsOf(`${prefix}_groups.csv`)).toMatchObject([{ Group: '::basket', Count: '24', 'Request Count': '24', 'Check Count': '24' }]);
  expect(rowsOf(`${prefix}_uncounted.csv`)).toMatchObject([{ Part: 'setup', Type: 'POST', Name: '/login', 'Request Count': '2' }]);
  expect(existsSync(join(done.folder, 'groups.csv'))).toBe(true);
});

test('--csv-full-history: each second has a row for each request so far and one for all; the last ones are the totals', () => {
  const rows = rowsOf(`${prefix}_stats_history.csv`);
  const seconds = [...new Set(rows.map((row) => row['Timestamp']))].map((at) => rows.filter((row) => row['Timestamp'] === at));
  expect(seconds.length).toBeGreaterThan(1);
  for (const second of seconds) {
    const totals = second.map((row) => Number(row['Total Request Count']));
    expect(second.at(-1)?.['Name']).toBe('Aggregated');
    expect(totals.slice(0, -1).reduce((sum, count) => sum + count, 0)).toBe(totals.at(-1));
  }
  expect(rows.slice(-3).map((row) => [row['Type'], row['Name'], row['Total Request Count']])).toEqual([
    ['GET', '/basket', '24'],
    ['GET', '/news', '24'],
    ['', 'Aggregated', '48'],
  ]);
  const stats = rowsOf(`${prefix}_stats.csv`);
  for (const i of [0, 1]) expect(rows.at(i - 3)?.['Total 95%']).toBe(stats[i]?.['95%']);
});

test('report --by has further tables from the journal; a tag that nobody had is a 104 with those that are there', async () => {
  const byStatus = await report(['--by', 'status']);
  expect([byStatus.exitCode, byStatus.stdout]).toEqual([
    0,
    expect.stringMatching(/Requests by plan[\s\S]*Requests by status\n.*\n.*\n +200 +48 +0 /),
  ]);
  const unknown = await report(['--by', 'colour']);
  expect([unknown.exitCode, unknown.stdout]).toEqual([104, '']);
  expect(unknown.stderr).toMatch(/^stressrun: --by: expected tags of the run's requests \(.*method, name, plan, .*\); got "colour"/);
});

test('a run that asks for a tag that nobody has goes on, and says which there were; a name that is none is a 104 before it', async () => {
  const target = await startTarget();
  const args = [at('shop.ts'), '--base-url', target.url, '--iterations', '2', '--by', 'colour'];
  const { run } = await load(args);
  expect(run.byTag).toBeUndefined();
  expect(run.notes).toContainEqual(
    expect.stringMatching(/^no table by colour: no request had that tag; those that requests had: .*name, plan/),
  );
  const bad = await cli([at('shop.ts'), '--base-url', target.url, '--by', 'two words']);
  expect([bad.exitCode, bad.stderr]).toEqual([104, expect.stringContaining('--by: expected the name of a tag of requests')]);
});

test('what only the journal knows is a 104 without it', async () => {
  rmSync(join(done.folder, 'journal.ndjson'));
  const [byStatus, byPlan] = await Promise.all([report(['--by', 'status']), report(['--by', 'plan'])]);
  expect([byStatus.exitCode, byStatus.stderr]).toEqual([104, expect.stringContaining('journal.ndjson')]);
  expect([byPlan.exitCode, byPlan.stdout]).toEqual([0, expect.stringContaining('Requests by plan')]);
});
