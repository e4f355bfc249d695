import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saveBaseline } from '../../../runtime/history/baselines.ts';
import { findRun, runIdsIn } from '../../../runtime/history/find-run.ts';
import { failedRun } from '../report/fixed-runs.ts';
import { temporaryFolder } from './temporary-folder.ts';

const OLD = '2026-11-21T08-00-00-predict-smoke-11aa';
const NEW = '2026-11-22T13-35-27-predict-smoke-3f9a';
const OTHER = '2026-11-22T13-40-00-health-quick-77cc';

function runsWith(ids: readonly string[], latest?: string): string {
  const base = temporaryFolder();
  for (const id of ids) {
    mkdirSync(join(base, id));
    writeFileSync(join(base, id, 'plan.json'), '{}');
  }
  if (latest !== undefined) writeFileSync(join(base, 'latest'), `${latest}\n`);
  return base;
}

test('an id, a beginning that one run has, a folder and its run.json all find the run', () => {
  const base = runsWith([OLD, NEW, OTHER]);
  for (const name of [NEW, '2026-11-22T13-35', join(base, NEW), join(base, NEW, 'run.json')])
    expect(findRun(base, name)).toBe(join(base, NEW));
});

test('latest is what the pointer says, else the newest run', () => {
  expect(findRun(runsWith([OLD, NEW, OTHER], NEW), 'latest')).toMatch(new RegExp(`${NEW}$`));
  expect(findRun(runsWith([OLD, NEW, OTHER], 'gone'), 'latest')).toMatch(new RegExp(`${OTHER}$`));
  expect(findRun(runsWith([OLD, NEW]), 'latest')).toMatch(new RegExp(`${NEW}$`));
});

test('a beginning of 2 runs names both', () => {
  expect(() => findRun(runsWith([OLD, NEW, OTHER]), '2026-11-22')).toThrow(
    `run: expected a beginning that one run has; "2026-11-22" begins 2: ${NEW}, ${OTHER}`,
  );
});

test.each([
  ['2026-11-22T13-35-27-predict-smoke-3f9b', NEW],
  ['health', OTHER],
])('%s leads to the nearest run', (name, nearest) => {
  expect(() => findRun(runsWith([OLD, NEW, OTHER]), name)).toThrow(`got "${name}": did you mean "${nearest}"?`);
});

test('an unknown name among 4 runs shows the newest 3', () => {
  const base = runsWith([OLD, NEW, OTHER, '2026-11-20T00-00-00-a-0000']);
  expect(() => findRun(base, 'zzzzzzzz')).toThrow(
    expect.objectContaining({ exitCode: 104, hint: `newest in ${base}: ${OTHER}, ${NEW}, ${OLD} and 1 more` }),
  );
});

test('without any run, latest and a name say that there is none', () => {
  const base = join(temporaryFolder(), 'runs');
  expect(() => findRun(base, 'latest')).toThrow(`run: expected a kept run; there is none in ${base} yet`);
  expect(() => findRun(base, 'x')).toThrow(expect.objectContaining({ hint: `there are no runs in ${base} yet` }));
});

test('a folder without plan, journal and run.json is no run', () => {
  const base = runsWith([NEW]);
  mkdirSync(join(base, '2026-11-23-not-a-run'));
  expect(findRun(base, 'latest')).toBe(join(base, NEW));
  expect(() => findRun(base, base)).toThrow('got ');
});

test('a file instead of the folder of runs is a 104 that names it', () => {
  const path = join(temporaryFolder(), 'README.md');
  writeFileSync(path, '');
  expect(() => findRun(path, 'latest')).toThrow(
    expect.objectContaining({ exitCode: 104, message: `--run-dir: expected a folder with runs in it; got "${path}", which is a file` }),
  );
  expect(() => findRun(join(path, 'runs'), 'latest')).toThrow(`run: expected a kept run; there is none in ${join(path, 'runs')} yet`);
});

test('a folder named latest points nowhere: the newest run is the latest', () => {
  const base = runsWith([OLD, NEW]);
  mkdirSync(join(base, 'latest'));
  expect(findRun(base, 'latest')).toBe(join(base, NEW));
});

test('the folder of baselines is no run, even with a run.json in it', async () => {
  const base = runsWith([NEW]);
  writeFileSync(join(base, NEW, 'run.json'), JSON.stringify({ ...failedRun, verdict: { outcome: 'passed', reasons: [] } }));
  await saveBaseline(base, { run: NEW, name: 'main' });
  renameSync(join(base, 'baselines/main.json'), join(base, 'baselines/run.json'));
  expect(runIdsIn(base)).toEqual([NEW]);
  expect(findRun(base, 'latest')).toBe(join(base, NEW));
});
