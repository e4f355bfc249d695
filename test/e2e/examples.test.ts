import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { RunJson, ThresholdResult } from '../../runtime/core/run-json.ts';
import { load, notesOf, REPOSITORY, type RunResult } from '../support/cli.ts';

const FOLDER = join(REPOSITORY, 'examples');
const examples = readdirSync(FOLDER).filter((name) => name.endsWith('.ts'));

interface Ending {
  readonly exitCode: number;
  readonly outcome: RunJson['verdict']['outcome'];
  readonly reason: RegExp;
}

/** Examples of runs that do not pass, each as its header says. */
const ENDINGS: Readonly<Record<string, Ending>> = {
  'abort-on-fail.ts': { exitCode: 99, outcome: 'failed', reason: /max_failure_rate: .*was missed after \d+ s/ },
  'test-abort.ts': { exitCode: 108, outcome: 'aborted', reason: /the token is not valid any more/ },
  'test-fail.ts': { exitCode: 110, outcome: 'failed', reason: /the target does not say its version/ },
};

/** What an example is there to show, in its numbers. */
const SHOWN: Readonly<Record<string, (result: RunResult) => void>> = {
  'arrival-rate.ts': ({ run }) => expect(run).toMatchObject({ run: { model: 'open' }, starts: { due: 40, begun: 40 } }),
  'ramping-rate.ts': ({ run }) => expect(run.starts).toMatchObject({ due: 55, begun: 55 }),
  'on-busy.ts': ({ run }) => {
    const [waiting, losing] = run.scenarios ?? [];
    expect([waiting?.starts?.due, losing?.starts?.due]).toEqual([40, 40]);
    expect(waiting?.starts?.queued).toBeGreaterThan(5); // they waited and were begun; what still waited at the end was not
    expect(losing?.starts).toMatchObject({ queued: 0 });
    expect(losing?.starts?.dropped).toBeGreaterThan(10);
  },
  'streams.ts': ({ run }) => {
    expect(run.metrics['stream_first_token_due']?.values).toMatchObject({ count: expect.any(Number) });
    expect(run.metrics['stream_good']?.values['rate']).toBeGreaterThan(0.5);
    expect(run.checks.map(({ name, fails }) => [name, fails]).sort()).toEqual([
      ['has an answer', 0],
      ['ten frames', 0],
    ]);
  },
  'shared-iterations.ts': ({ run }) => expect(run.starts.begun).toBe(40),
  'per-vu-iterations.ts': ({ run }) => expect(run.requests.map(({ name, count }) => [name, count])).toContainEqual(['first of a user', 3]),
  'scenarios.ts': ({ run }) => {
    expect(run.scenarios?.map(({ model }) => model)).toEqual(['closed', 'closed', 'open']);
    expect(run.requests.map(({ name, count }) => [name, count])).toEqual(
      expect.arrayContaining([
        ['/predict (arriving)', 10],
        ['/predict (uploading)', 20],
      ]),
    );
  },
  'threshold-windows.ts': ({ run }) => expect(run.thresholds.filter(({ expression }) => / for | in /.test(expression))).toHaveLength(4),
  'server-timings.ts': ({ run }) => expect(run.metrics['http_req_server_time']?.values['count']).toBe(80),
  'handle-summary.ts': ({ stdout }) => expect(stdout).toMatch(/^(passed|inconclusive): 10 requests, 95 % of them within \d+ ms\n$/),
  'polling.ts': ({ run }) => {
    const row = (method: string) => run.requests.find((each) => each.method === method);
    expect(row('POST')).toMatchObject({ name: '/jobs', count: 4, failed: 0 });
    expect(row('GET')).toMatchObject({ name: expect.stringMatching(/^\/jobs\/\$/), failed: 0 });
    expect(run.metrics['job_time']?.values['count']).toBe(4);
  },
  'retries.ts': ({ run }) => {
    // 12 jobs at 5 a second: whoever is refused comes back as told, and nobody is refused for good
    const refused = run.metrics['jobs_refused']?.values['count'] ?? 0;
    expect(refused).toBeGreaterThan(0);
    expect(run.requests.at(-1)).toMatchObject({ count: 12 + refused, failed: 0 });
    expect(run.checks).toMatchObject([{ passes: 12, fails: 0 }]);
  },
  'user-tags.ts': ({ run }) => expect(run.checks).toMatchObject([{ name: 'is paid', group: '::checkout::pay', fails: 0 }]),
};

/** Notes that an example is to have. */
const SAID: Readonly<Record<string, RegExp>> = {
  'on-busy.ts': /^\d\d of 80 planned starts were never begun: all 4 users were busy/,
};

/** Half of the 2 s that most examples take is enough; those with stages, scenarios or a number of iterations are run as they are. */
function shortened(name: string): string[] {
  return /^(export const options.*| {2})\bduration: '2s'/m.test(readFileSync(join(FOLDER, name), 'utf8')) ? ['--duration', '1s'] : [];
}

/** A machine that others use may starve the generator, which then vouches for nothing; nothing else may leave a threshold open. */
function isMetOrUnsure({ outcome, isExcused, detail }: ThresholdResult): boolean {
  return outcome === 'met' || isExcused === true || (outcome === 'undecided' && detail.includes('the load generator was saturated'));
}

test('there are at least 40 examples, and the 3 that do not pass are among them', () => {
  expect(examples.length).toBeGreaterThanOrEqual(40);
  expect(examples).toEqual(expect.arrayContaining([...Object.keys(ENDINGS), ...Object.keys(SHOWN)]));
});

test.concurrent.each(examples)('examples/%s ends as it says against the demo target', async (name) => {
  const result = await load([join('examples', name), '--env', 'demo', '--on-inconclusive', 'warn', ...shortened(name)]);
  const { exitCode, run, stdout, stderr } = result;
  const ending = ENDINGS[name];
  expect(exitCode, `${stdout}${stderr}`).toBe(ending?.exitCode ?? 0);
  expect(run.requests.at(-1)?.count).toBeGreaterThan(0);
  expect(run.checks.filter(({ fails }) => fails > 0)).toEqual([]);
  expect(notesOf(run).filter((note) => !note.includes("replaces the script's") && !SAID[name]?.test(note))).toEqual([]);
  if (ending === undefined) expect(run.thresholds.filter((threshold) => !isMetOrUnsure(threshold))).toEqual([]);
  else {
    expect(run.verdict.outcome).toBe(ending.outcome);
    expect(run.verdict.reasons.join('\n')).toMatch(ending.reason);
  }
  SHOWN[name]?.(result);
});

test('every example begins with two lines that say what it is for', () => {
  const without = examples.filter((name) => !/^\/\/ .{20,160}\n\/\/ .{20,}\n/.test(readFileSync(join(FOLDER, name), 'utf8')));
  expect(without).toEqual([]);
});
