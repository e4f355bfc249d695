import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runStateOf } from '../../runtime/core/stage.ts';
import { type Driven, type DrivenRun, drivenRun } from '../support/driven-run.ts';
import { countBy, journalOf } from '../support/journal.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const CONFIG = (url: string, more = ''): string => `
  environments: { here: { base_url: ${url}, max_users: 30, max_rps: 200 } }
  warm_up: { requests: 0 }
  test_profiles:
    users: { users: 4, duration: 8s, pace: 100ms }
    rate: { arrival_rate: 20/s, duration: 8s, max_users: 10 }
  thresholds: { max_p95: 2s, min_rps: 1 }
  ${more}`;

const secondsOf = ({ events }: DrivenRun) =>
  events.filter((event): event is Extract<Driven, { type: 'second' }> => event.type === 'second');
const editsOf = ({ events }: DrivenRun) => events.flatMap((event) => (event.type === 'edit' ? [event.edit] : []));
const refusalsOf = ({ events }: DrivenRun) => events.flatMap((event) => (event.type === 'refused' ? [event.message] : []));

test('users of a live run go from 4 to 9 and to 2 within a second each, added ones run vuSetup first, and the run is judged by stretch', async () => {
  const target = await startTarget();
  const { at } = project({
    'config.yaml': CONFIG(target.url),
    'test.ts': `import { http, vu } from 'stressrun';
      let name = '';
      export function setup() { return { token: 't' }; }
      export async function vuSetup(data) { name = data.token + vu.id; await http.get('/login'); }
      export default async () => { await http.get('/work', { query: { who: name } }); };`,
  });
  const run = await drivenRun({ script: at('test.ts'), environment: 'here', profile: 'users', workers: '2' }, [
    { atS: 1.5, adjust: { users: 9 } },
    { atS: 4.5, adjust: { scenario: 'default', users: 2 } },
    { atS: 5, adjust: { users: 31 } },
    { atS: 5, adjust: { rate: 5 } },
    { atS: 5, adjust: { scenario: 'defaul', users: 3 } },
  ]);
  const [first, second] = editsOf(run);
  expect([first?.change, second?.change]).toEqual(['users 4 → 9 (default)', 'users 9 → 2 (default)']);
  expect(refusalsOf(run)).toEqual([
    'users: expected at most 30 users at once, as environments.here.max_users says; got 31',
    'rate: expected users: this run is a closed model, where users wait for their answers; got a rate',
    'scenario: expected one of default; got "defaul"',
  ]);
  // ten iterations a second of each user: what the target saw in whole seconds between the changes
  const firstAtMs = target.seen.find(({ path }) => path === '/work')?.atMs ?? 0;
  const seenFrom = (fromS: number, toS: number): number =>
    target.seen.filter(({ path, atMs }) => path === '/work' && atMs - firstAtMs >= fromS * 1_000 && atMs - firstAtMs < toS * 1_000).length;
  const [toNineS = 0, toTwoS = 0] = [first?.atS, second?.atS];
  expect(seenFrom(toNineS + 0.2, toNineS + 2.2)).toBeGreaterThan(130); // 180 of nine users, 80 of four
  expect(seenFrom(toNineS + 0.2, toNineS + 2.2)).toBeLessThan(200);
  expect(seenFrom(toTwoS + 0.5, toTwoS + 2)).toBeLessThan(50); // 30 of two users, 135 of nine
  expect(Math.max(...secondsOf(run).map(({ users }) => users))).toBe(9);
  expect(secondsOf(run).findLast(({ stage }) => stage === 'measuring')?.users).toBeLessThanOrEqual(2);
  expect(target.counts()['/login']).toBe(9);
  expect(new Set(target.seen.flatMap(({ query }) => query['who'] ?? []))).toContain('t1000001');
  expect(run.run.exploratory?.segments.map(({ phase, change }) => [phase, change])).toEqual([
    ['base', ''],
    ['edit-1', 'users 4 → 9 (default)'],
    ['edit-2', 'users 9 → 2 (default)'],
  ]);
  const segments = run.run.exploratory?.segments ?? [];
  expect(segments.every(({ thresholds }) => thresholds.length === 2 && thresholds.every(({ samples }) => samples !== 0))).toBe(true);
  expect(segments.map(({ fromS }) => fromS)).toEqual([0, toNineS, toTwoS]);
  expect(run.run.notes).toContain('exploratory: the load was changed while it ran');
  const adjusts = journalOf(run.folder).flatMap((line) => line.adjust ?? []);
  expect(adjusts).toMatchObject([{ phase: 'edit-1' }, { phase: 'edit-2' }]);
  expect(readFileSync(join(run.folder, 'journal.ndjson'), 'utf8')).toContain('adjusted: users 4 → 9 (default)');
  expect(Object.keys(countBy(run.folder, 'iterations', ({ tags }) => tags['phase'] ?? 'none')).toSorted()).toEqual([
    'edit-1',
    'edit-2',
    'none',
  ]);
});

test('the rate of a live run goes from 20/s to 80/s within a second, no start is lost, and a stop on request is an interrupted run', async () => {
  const target = await startTarget();
  const { at } = project({
    'config.yaml': CONFIG(target.url),
    'test.ts': `import { http } from 'stressrun'; export default async () => { await http.get('/work'); };`,
  });
  const run = await drivenRun({ script: at('test.ts'), environment: 'here', profile: 'rate', workers: '2' }, [
    { atS: 1.5, adjust: { rate: 201 } },
    { atS: 1.6, adjust: { rate: 80 } },
    { atS: 5, stop: 'graceful' },
  ]);
  const [edit] = editsOf(run);
  expect(refusalsOf(run)).toEqual(['rate: expected at most 200 starts a second, as environments.here.max_rps says; got 201']);
  expect(edit?.change).toBe('rate 20/s → 80/s (default)');
  const { due, begun, dropped } = run.run.starts;
  expect(begun + dropped).toBe(due);
  expect(target.counts()['/work']).toBe(begun);
  const atS = edit?.atS ?? 0;
  const planned = 20 * atS + 80 * (run.run.run.durationS - atS);
  expect(Math.abs(due - planned)).toBeLessThan(12);
  expect(run.exitCode).toBe(105);
  expect(run.run.verdict.reasons[0]).toBe('interrupted: stopped on request');
  expect(run.run.run.durationS).toBeLessThan(7);
  const states = run.events.flatMap((event) => (event.type === 'stage' ? [runStateOf(event.stage)] : []));
  expect(states.filter((state, i) => state !== states[i - 1])).toEqual(['starting', 'running', 'stopping']);
});
