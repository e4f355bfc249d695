import { defineConfig } from 'vitest/config';
import { Skipped } from './test/support/skipped.ts';

/** Tests of what is said, not of when: two files at a time. All others have the two cores to themselves, for a test beside another one measures the other one. */
const IN_PAIRS = [
  'address-policy',
  'bad-input',
  'canaries',
  'check',
  'deploy',
  'drawn-pictures',
  'health-check',
  'hooks',
  'imported-data',
  'init',
  'outputs',
  'report',
  'report-files',
  'report-html',
  'script-api',
  'secrets',
  'target-command',
  'ui-page',
  'ui-tables',
].map((name) => `test/e2e/${name}.test.ts`);

/** Tests that look at the memory of their own process, set its variables, or load other tests once more. */
const ALONE = ['cluster/process-memory', 'fuzz/answers', 'net/http1/same-tests'].map((name) => `test/unit/${name}.test.ts`);

const unit = { testTimeout: 60_000 };
const e2e = { globalSetup: ['test/support/build-once.ts'], testTimeout: 90_000, hookTimeout: 60_000 };

/** A file for the results as JSON, as `.ci/run` counts them; none unless it is asked for. */
const RESULTS = process.env['TEST_RESULTS'];

export default defineConfig({
  test: {
    reporters: [
      'default',
      ...(RESULTS === undefined ? [] : [['json', { outputFile: RESULTS }] as ['json', { outputFile: string }]]),
      new Skipped(),
    ],
    projects: [
      {
        test: {
          ...unit,
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/architecture.test.ts', 'test/types/**/*.test.ts'],
          exclude: ALONE,
          isolate: false, // pure code: files share a process and its modules, which halves what they cost
        },
      },
      { test: { ...unit, name: 'unit-alone', include: ALONE } },
      { test: { ...e2e, name: 'e2e-pairs', include: IN_PAIRS, maxWorkers: 2, sequence: { groupOrder: 1 } } },
      {
        test: {
          ...e2e,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: IN_PAIRS,
          maxConcurrency: 2, // of tests that say they may run beside others
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
