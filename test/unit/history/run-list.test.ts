import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunJson } from '../../../runtime/core/run-json.ts';
import { keptRunOf, RunList, trendOf } from '../../../runtime/history/run-list.ts';
import { fullRun } from '../report/fixed-runs.ts';
import { temporaryFolder } from './temporary-folder.ts';

const resultOf = (id: string, changes: Partial<RunJson['run']> = {}): RunJson => ({ ...fullRun, run: { ...fullRun.run, id, ...changes } });

/** A folder with these results in it. */
function baseWith(...results: readonly RunJson[]): string {
  const base = temporaryFolder();
  for (const result of results) {
    mkdirSync(join(base, result.run.id));
    writeFileSync(join(base, result.run.id, 'run.json'), JSON.stringify(result));
  }
  return base;
}

test('runs come by when they began, newest first, with the share that failed; a folder that is damaged is left out', async () => {
  const base = baseWith(
    resultOf('a', { started: '2026-11-22T10:00:00.000Z' }),
    resultOf('b', { started: '2026-11-23T10:00:00.000Z' }),
    resultOf('c', { started: '2026-11-21T10:00:00.000Z' }),
  );
  mkdirSync(join(base, 'd'));
  writeFileSync(join(base, 'd', 'run.json'), '{');
  const list = new RunList({ base, projectFolder: '/project' });
  expect((await list.all()).map(({ id, state }) => [id, state])).toEqual([
    ['b', 'ended'],
    ['a', 'ended'],
    ['c', 'ended'],
  ]);
  expect(await list.one('a')).toMatchObject({ id: 'a', baselines: [] });
  expect([await list.one('d'), await list.one('none')]).toEqual([undefined, undefined]);
});

test('a result that changes is read again, one that does not is not', async () => {
  const base = baseWith(resultOf('a', { environment: 'one' }));
  const list = new RunList({ base, projectFolder: '/project' });
  const file = join(base, 'a', 'run.json');
  expect(await list.one('a')).toMatchObject({ environment: 'one' });
  writeFileSync(file, JSON.stringify(resultOf('a', { environment: 'another' })));
  utimesSync(file, 1_800_000_000, 1_800_000_000);
  expect(await list.one('a')).toMatchObject({ environment: 'another' });
});

test.each([
  ['/project/scripts/a.ts', 'scripts/a.ts'],
  ['scripts/a.ts', 'scripts/a.ts'],
  ['/elsewhere/a.ts', '/elsewhere/a.ts'],
  ['/project', '/project'],
])('a script at %s is shown as %s', (path, shown) => {
  expect(new RunList({ base: '/none', projectFolder: '/project' }).shown(path)).toBe(shown);
});

test('the row of a run has what all its requests came to, and of a run without any nothing', () => {
  const [all] = fullRun.requests.slice(-1);
  expect(keptRunOf(fullRun)).toMatchObject({
    id: fullRun.run.id,
    requests: all?.count,
    failedRatio: (all?.failed ?? 0) / (all?.count ?? 1),
    perSecond: all?.perSecond,
    p95Ms: all?.responseTimeMs?.p95,
    isExploratory: false,
  });
  expect(keptRunOf({ ...fullRun, requests: [] })).toMatchObject({ requests: 0, failedRatio: 0, perSecond: 0, p95Ms: null });
  const [row] = fullRun.requests;
  if (row === undefined) throw new Error('expected a row');
  expect(keptRunOf({ ...fullRun, requests: [{ ...row, count: 0, failed: 0 }] }).failedRatio).toBe(0);
});

test('a trend has the runs of one script under one profile, oldest first, without those that go on or were changed; of none it asks for all', () => {
  const of = (id: string, script: string, profile: string | null) => ({ ...keptRunOf(fullRun), id, script, profile });
  const runs = [
    of('5', 'a.ts', null),
    { ...of('4', 'a.ts', 'smoke'), isExploratory: true },
    { ...of('3', 'a.ts', 'smoke'), state: 'unknown' as const },
    of('2', 'a.ts', 'smoke'),
    of('1', 'b.ts', 'smoke'),
    of('0', 'a.ts', 'smoke'),
  ];
  const idsOf = (asked: Parameters<typeof trendOf>[1]): string[] => trendOf(runs, asked).map(({ id }) => id);
  expect(idsOf({})).toEqual(['0', '1', '2', '5']);
  expect(idsOf({ script: 'a.ts' })).toEqual(['0', '2', '5']);
  expect(idsOf({ profile: 'smoke' })).toEqual(['0', '1', '2']);
  expect(idsOf({ script: 'a.ts', profile: 'smoke' })).toEqual(['0', '2']);
  expect(idsOf({ script: 'a.ts', profile: '' })).toEqual(['5']);
  expect(idsOf({ script: 'none.ts' })).toEqual([]);
});
