import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { HistogramLogReader } from 'hdr-histogram-js';
import { beforeAll, expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { runJsonSchema } from '../../runtime/history/run-json-schema.ts';
import { cli, load, type RunResult } from '../support/cli.ts';
import { isLeftOutWithout } from '../support/needs.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const SCRIPT = `import { check, http } from 'stressrun';
export const options = { vus: 2, iterations: 60 };
export default async () => {
  const res = await http.get('/');
  check(res, { 'is up': (r) => r.ok });
  await new Promise((done) => setTimeout(done, 40));
};
`;
const FILES = [
  'report.html',
  'stats.csv',
  'stats_history.csv',
  'failures.csv',
  'exceptions.csv',
  'junit.xml',
  'summary.md',
  'latency.hlog',
];
const XSD = resolve(import.meta.dirname, '../fixtures/junit.xsd');

let result: RunResult;
let url: string;

beforeAll(async () => {
  ({ url } = await startTarget({ '/': { failEveryNth: 20 } }));
  const wanted = temporaryFolder();
  result = await load([
    project({ 'get.ts': SCRIPT }).at('get.ts'),
    '--base-url',
    url,
    ...[
      '--html',
      join(wanted, 'r.html'),
      '--csv',
      join(wanted, 'deep/load'),
      '--junit',
      join(wanted, 'j.xml'),
      '--md',
      join(wanted, 's.md'),
    ],
  ]);
  for (const [path, name] of [
    ['r.html', 'report.html'],
    ['deep/load_stats.csv', 'stats.csv'],
    ['deep/load_stats_history.csv', 'stats_history.csv'],
    ['deep/load_failures.csv', 'failures.csv'],
    ['deep/load_exceptions.csv', 'exceptions.csv'],
    ['j.xml', 'junit.xml'],
    ['s.md', 'summary.md'],
  ] as const)
    expect(readFileSync(join(wanted, path), 'utf8')).toBe(readFileSync(join(result.folder, name), 'utf8'));
});

test('results name the script by its path in the project: none of them tells where that lay; plan.json does', async () => {
  const { at } = project({ 'config.yaml': 'warm_up: { requests: 0 }\n', 'scripts/get.ts': SCRIPT });
  const { run, folder, stdout } = await load([at('scripts/get.ts'), '--base-url', url]);
  expect(run.run.script).toBe('scripts/get.ts');
  const files = ['run.json', 'junit.xml', 'summary.md'].map((name) => readFileSync(join(folder, name), 'utf8'));
  for (const text of [...files, stdout]) {
    expect(text).toContain('scripts/get.ts');
    expect(text).not.toContain(at('scripts'));
  }
  const { folder: killed } = await load([at('scripts/get.ts'), '--base-url', url]);
  rmSync(join(killed, 'run.json'));
  const json = join(temporaryFolder(), 'again.json');
  expect((await cli(['report', killed, '--json', json])).exitCode).toBe(0);
  expect((JSON.parse(readFileSync(json, 'utf8')) as RunJson).run.script).toBe('scripts/get.ts');
});

test('after a run of 60 requests its folder has all 8 files, and run.json is valid with 60 requests by the second', () => {
  expect(readdirSync(result.folder)).toEqual(expect.arrayContaining([...FILES, 'run.json', 'plan.json', 'journal.ndjson']));
  const parsed = runJsonSchema.safeParse(JSON.parse(readFileSync(join(result.folder, 'run.json'), 'utf8')));
  expect(parsed.error?.issues).toBeUndefined();
  expect(parsed.data?.series?.requests.reduce((sum, count) => sum + count, 0)).toBe(60);
  expect(parsed.data?.environment?.versions).toHaveProperty('stressrun');
});

test("HdrHistogram's reader finds the 57 answers that were expected in latency.hlog", () => {
  const reader = new HistogramLogReader(readFileSync(join(result.folder, 'latency.hlog'), 'utf8'), 64);
  let answers = 0;
  for (let histogram = reader.nextIntervalHistogram(); histogram !== null; histogram = reader.nextIntervalHistogram())
    answers += histogram.totalCount;
  expect(answers).toBe(57);
});

test('stats.csv counts 60 requests and 3 failures, failures.csv the 3', () => {
  const total = readFileSync(join(result.folder, 'stats.csv'), 'utf8').trimEnd().split('\r\n').at(-1) ?? '';
  expect(total.startsWith(',Aggregated,60,3,')).toBe(true);
  expect(readFileSync(join(result.folder, 'failures.csv'), 'utf8').split('\r\n')[1]).toMatch(/^GET,\/,.*,3,/);
});

test.skipIf(isLeftOutWithout('libxml2-utils'))('junit.xml is valid by the XSD of CI servers', () => {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--schema', XSD, join(result.folder, 'junit.xml')], { encoding: 'utf8' });
  expect([status, stderr.trim().split(' ').at(-1)]).toEqual([0, 'validates']);
});

test('of a killed run report makes all 8 files from the journal, and leaves no run.json', async () => {
  const killed = join(temporaryFolder(), result.run.run.id);
  cpSync(result.folder, killed, { recursive: true });
  for (const file of [...FILES, 'run.json']) rmSync(join(killed, file));
  const json = join(temporaryFolder(), 'again.json');
  expect((await cli(['report', killed, '--json', json])).exitCode).toBe(0);
  expect(readdirSync(killed)).toEqual(expect.arrayContaining(FILES));
  expect(existsSync(join(killed, 'run.json'))).toBe(false);
  const again = JSON.parse(readFileSync(json, 'utf8')) as typeof result.run;
  expect(again.details).toEqual(result.run.details);
  expect(again.series).toEqual(result.run.series);
  expect(readFileSync(join(killed, 'latency.hlog'), 'utf8')).toBe(readFileSync(join(result.folder, 'latency.hlog'), 'utf8'));
});

test('a file that cannot be written stops nothing, is told, and is a 113', async () => {
  const impossible = join(result.folder, 'plan.json', 'r.html');
  const { exitCode, stderr, stdout } = await cli(['report', result.folder, '--html', impossible]);
  expect(exitCode).toBe(113);
  expect(stderr).toContain(`${impossible} cannot be written: `);
  expect(stdout).toContain('Total requests: 60');
});

test('under GitHub Actions a run that misses a threshold annotates it and appends to the job summary', async () => {
  const summary = join(temporaryFolder(), 'summary.md');
  const script = SCRIPT.replace('iterations: 60', "iterations: 4, thresholds: { checks: ['rate>1'] }");
  const { stderr, run } = await load([project({ 'get.ts': script }).at('get.ts'), '--base-url', url], {
    env: { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary },
  });
  expect(run.verdict.outcome).not.toBe('passed');
  expect(stderr).toMatch(/^::(error|warning) title=threshold (missed|undecided)%3A checks%3A rate>1::/m);
  expect(readFileSync(summary, 'utf8')).toContain('stressrun: ');
});
