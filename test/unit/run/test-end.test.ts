import { expect, test } from 'vitest';
import type { RunTestInput } from '../../../runtime/run/output.ts';
import { placed } from '../../../runtime/run/surroundings.ts';
import { exitCodeOf } from '../../../runtime/run/test-end.ts';
import { failedRun } from '../report/fixed-runs.ts';

test('the exit code is that of the result; 105 and 108 where there is none', () => {
  expect(exitCodeOf({ kind: 'ended', result: failedRun, folder: undefined })).toBe(failedRun.run.exitCode);
  expect([exitCodeOf({ kind: 'interrupted' }), exitCodeOf({ kind: 'aborted' })]).toEqual([105, 108]);
});

const inputIn = (folder: string) =>
  ({
    around: { variables: {}, folder, nowMs: () => 0 },
    flags: { script: './a.ts', users: '3' },
    runDir: 'runs',
    jsonPath: '/elsewhere/out.json',
    reports: { html: 'r.html', csv: 'p/c', isCsvRaw: true, junit: 'j.xml', markdown: 'm.md' },
  }) as unknown as RunTestInput;

test('in the folder of the process paths stay as they were typed; in another one they lie below it, absolute ones where they are', () => {
  const here = inputIn(process.cwd());
  expect(placed(here)).toEqual(here);
  expect(placed(inputIn('/far/away'))).toMatchObject({
    flags: { script: '/far/away/a.ts', users: '3' },
    runDir: '/far/away/runs',
    jsonPath: '/elsewhere/out.json',
    reports: { html: '/far/away/r.html', csv: '/far/away/p/c', isCsvRaw: true, junit: '/far/away/j.xml', markdown: '/far/away/m.md' },
  });
});
