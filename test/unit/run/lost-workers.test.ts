import { expect, test } from 'vitest';
import { exitCodeOf } from '../../../runtime/run/test-end.ts';
import { resultOf, startRun } from '../../support/own-run.ts';
import { descendantsOf, survivorsOf } from '../../support/processes.ts';
import { startTarget } from '../../support/target-server.ts';

const workers = () => descendantsOf(process.pid).filter(({ command }) => command.includes('worker.cjs'));

const SCRIPT = `
export const setup = async () => { await http.get('/setup'); };
export const vuSetup = async () => { await http.get('/login'); };
export default async () => { await http.get('/work'); await sleep(0.05); };
export const teardown = async () => { await http.get('/teardown'); };
`;

/** A run of 2 workers, of which the first or the second is killed when its target is asked for `at` the so manyth time. */
async function killedAt(at: string, serial: number, which: 0 | 1) {
  const target = await startTarget({
    [at]: {
      answer(request) {
        const worker = workers().sort((a, b) => a.pid - b.pid)[which];
        if (request.serial === serial && worker !== undefined) process.kill(worker.pid, 'SIGKILL');
        return {};
      },
    },
  });
  const run = startRun({ script: SCRIPT, baseUrl: target.url, flags: { users: '4', workers: '2', iterations: '80' } });
  const end = await run.end;
  expect(await survivorsOf(workers(), 5_000)).toEqual([]);
  return { end, result: resultOf(end), notes: run.notes, counts: target.counts() };
}

test('a worker that is killed in the middle of the load is replaced, its users log in again, teardown() is called once: 112', async () => {
  const { end, result, notes, counts } = await killedAt('/work', 20, 1);
  expect([exitCodeOf(end), result.verdict.outcome]).toEqual([112, 'degraded']);
  expect(notes.some((note) => note.includes('another worker takes its place'))).toBe(true);
  expect(notes.some((note) => /^worker 2 is there again, .* into the measured period$/.test(note))).toBe(true);
  expect([counts['/setup'], counts['/teardown']]).toEqual([1, 1]);
  expect(counts['/login']).toBe(4 + 2);
  // every answer that is counted was given, and what the target had answered is counted but for the last second of the lost worker
  const count = result.requests.at(-1)?.count ?? 0;
  expect(count).toBeLessThanOrEqual((counts['/work'] ?? 0) + (counts['/login'] ?? 0));
  expect(count).toBeGreaterThanOrEqual(40);
});

test('a worker that is killed while its users log in ends the run before its load, with the loss as its reason', async () => {
  const { end, result, counts } = await killedAt('/login', 1, 1);
  expect(exitCodeOf(end)).toBe(112);
  expect(result.verdict.reasons[0]).toMatch(/worker 2/);
  expect([counts['/work'], counts['/teardown']]).toEqual([undefined, 1]);
});
