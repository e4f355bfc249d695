import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunJson } from '../../../runtime/core/run-json.ts';
import { baselineNames, dropBaseline, readBaseline, saveBaseline } from '../../../runtime/history/baselines.ts';
import { RunList, trendOf } from '../../../runtime/history/run-list.ts';
import { planOf } from '../config/fixtures.ts';
import { failedRun } from '../report/fixed-runs.ts';
import { temporaryFolder } from './temporary-folder.ts';

const passed: RunJson = { ...failedRun, verdict: { outcome: 'passed', reasons: [] } };

function runsOf(runs: Record<string, Partial<RunJson>>): string {
  const base = temporaryFolder();
  for (const [id, run] of Object.entries(runs)) {
    mkdirSync(join(base, id));
    writeFileSync(join(base, id, 'run.json'), JSON.stringify({ ...passed, run: { ...passed.run, id }, ...run }));
  }
  return base;
}

test('a run that passed is kept under a name, and can be read back as a result', async () => {
  const base = runsOf({ 'run-a': {} });
  await saveBaseline(base, { run: 'run-a', name: 'release-1.2' });
  expect(baselineNames(base)).toEqual(['release-1.2']);
  expect((await readBaseline(base, 'release-1.2')).requests).toEqual(passed.requests);
  expect(JSON.parse(readFileSync(join(base, 'baselines', 'release-1.2.json'), 'utf8'))).toMatchObject({
    baseline: { name: 'release-1.2' },
  });
  const list = new RunList({ base, projectFolder: base });
  expect((await list.all()).map(({ id, baselines }) => [id, baselines])).toEqual([['run-a', ['release-1.2']]]);
});

test.each([
  [{ verdict: { outcome: 'failed', reasons: [] } }, 'this one is failed'],
  [{ verdict: { outcome: 'inconclusive', reasons: [] } }, 'this one is inconclusive'],
  [{ exploratory: { segments: [] } }, 'this one is exploratory'],
] as const)('a run with %j is no baseline', async (run, reason) => {
  const base = runsOf({ 'run-a': run as unknown as Partial<RunJson> });
  await expect(saveBaseline(base, { run: 'run-a', name: 'main' })).rejects.toThrow(reason);
  expect(existsSync(join(base, 'baselines'))).toBe(false);
});

test.each(['', '../out', 'a/b', '.hidden', 'x'.repeat(65)])('%j is no name of a baseline', async (name) => {
  await expect(saveBaseline(runsOf({ 'run-a': {} }), { run: 'run-a', name })).rejects.toThrow('expected a name');
});

test.each(['run', 'plan', 'journal', 'latest', 'Run'])('%j would make a run of the folder of baselines: no name of one', async (name) => {
  const base = runsOf({ 'run-a': {} });
  await expect(saveBaseline(base, { run: 'run-a', name })).rejects.toThrow('expected a name other than run, plan, journal, latest');
  expect(existsSync(join(base, 'baselines'))).toBe(false);
});

test('an unknown baseline is named with its nearest', async () => {
  const base = runsOf({ 'run-a': {} });
  await saveBaseline(base, { run: 'run-a', name: 'main' });
  await expect(readBaseline(base, 'mian')).rejects.toMatchObject({ hint: 'did you mean main?' });
});

test('runs are listed newest first, one of an older version by the path that it has from here, a killed one by its plan, a damaged one not at all; a trend is of one script, oldest first, without explored ones', async () => {
  const at = (hour: number): Partial<RunJson> => ({
    run: { ...passed.run, id: `run-${hour}`, started: `2026-01-01T0${hour}:00:00.000Z`, script: hour === 1 ? '/p/a.ts' : 'a.ts' },
  });
  const base = runsOf({ 'run-1': at(1), 'run-2': at(2), 'run-3': { ...at(3), exploratory: { segments: [] } }, 'run-4': {} });
  writeFileSync(join(base, 'run-4', 'run.json'), '{');
  mkdirSync(join(base, 'run-5'));
  const plan = { ...planOf(), scriptPath: '/elsewhere/scripts/b.ts', allowPaths: ['/elsewhere'] };
  writeFileSync(join(base, 'run-5', 'plan.json'), JSON.stringify(plan));
  const runs = await new RunList({ base, projectFolder: '/p' }).all();
  expect(runs.map(({ id, state, script }) => [id, state, script])).toEqual([
    ['run-5', 'unknown', 'scripts/b.ts'],
    ['run-3', 'ended', 'a.ts'],
    ['run-2', 'ended', 'a.ts'],
    ['run-1', 'ended', 'a.ts'],
  ]);
  expect(trendOf(runs, { script: 'a.ts' }).map(({ id }) => id)).toEqual(['run-1', 'run-2']);
});

test.each([
  ['it did something', { thresholds: [] }, undefined],
  [
    'all its requests failed',
    { thresholds: [], requests: passed.requests.map((row) => ({ ...row, failed: row.count })) },
    /this one is not judged/,
  ],
  ['it made no request', { thresholds: [], requests: [] }, /this one is not judged/],
  ['it had a threshold', {}, /this one is not judged/],
] as const)('a run that nothing was asked of and that is not judged is a baseline or none: %s', async (_, changes, refusal) => {
  const base = runsOf({ 'run-a': { verdict: { outcome: 'not-judged', reasons: [] }, ...changes } as unknown as Partial<RunJson> });
  const saved = saveBaseline(base, { run: 'run-a', name: 'main' });
  if (refusal === undefined) expect((await saved).baseline.name).toBe('main');
  else await expect(saved).rejects.toThrow(refusal);
  expect(baselineNames(base)).toEqual(refusal === undefined ? ['main'] : []);
});

test('runs are listed by when they began, whatever their names say', async () => {
  const at = (hour: number): Partial<RunJson> => ({
    run: { ...passed.run, id: `run-${9 - hour}`, started: `2026-01-01T0${hour}:00:00.000Z` },
  });
  const base = runsOf({ 'run-8': at(1), 'run-7': at(2), 'run-6': at(3) });
  expect((await new RunList({ base, projectFolder: base }).all()).map(({ id }) => id)).toEqual(['run-6', 'run-7', 'run-8']);
});

test('runs of one kind stay in short beside the newest that has their name, ten in all; one of another kind starts anew', async () => {
  const ids = Array.from({ length: 12 }, (_, i) => `run-${String(i).padStart(2, '0')}`);
  const base = runsOf({ ...Object.fromEntries(ids.map((id) => [id, {}])), 'run-other': { run: { ...passed.run, profile: 'another' } } });
  for (const run of ids) await saveBaseline(base, { run, name: 'main' });
  const kept = await saveBaseline(base, { run: 'run-11', name: 'main' });
  expect(kept.baseline.earlier.map(({ id }) => id)).toEqual(ids.slice(2, 11).toReversed());
  expect(kept.baseline.earlier[0]?.rows.map(({ name, count }) => [name, count])).toEqual(
    passed.requests.slice(0, -1).map(({ name, count }) => [name, count]),
  );
  expect((await saveBaseline(base, { run: 'run-other', name: 'main' })).baseline.earlier).toEqual([]);
});

test('a baseline that is dropped is gone, and only that one', async () => {
  const base = runsOf({ 'run-a': {} });
  await saveBaseline(base, { run: 'run-a', name: 'main' });
  await saveBaseline(base, { run: 'run-a', name: 'old' });
  await dropBaseline(base, 'old');
  expect(baselineNames(base)).toEqual(['main']);
  await expect(dropBaseline(base, 'old')).rejects.toThrow('expected a baseline, one of main');
});
