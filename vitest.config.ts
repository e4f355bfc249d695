import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { Skipped } from './test/support/skipped.ts';

const filesOf = (names: readonly string[]): string[] => names.map((name) => `test/e2e/${name}.test.ts`);

/** Tests of what is said, not of when: several files at a time. What they do is mostly waiting. */
const SAID = filesOf([
  'address-policy',
  'agents',
  'answers',
  'bad-input',
  'bodies',
  'canaries',
  'check',
  'compression',
  'compare',
  'credentials',
  'csv-formulas',
  'deploy',
  'discard',
  'drawn-pictures',
  'drill',
  'ends',
  'examples',
  'expect-continue',
  'guides',
  'hand-over-loss',
  'health-check',
  'hooks',
  'http',
  'http2',
  'imported-data',
  'init',
  'kill',
  'left-open',
  'licenses',
  'lifecycle',
  'live-view',
  'lost-errors',
  'newcomer',
  'other-spellings',
  'outputs',
  'overrides',
  'reach',
  'repeatable',
  'report',
  'report-files',
  'report-html',
  'runaway-floods',
  'runner-commands',
  'same-numbers',
  'sandbox',
  'script-api',
  'script-options',
  'secrets',
  'shared-pictures',
  'streams',
  'streams-from-due',
  'stuck',
  'tables',
  'target-command',
  'ui-api',
  'ui-consent',
  'ui-form',
  'ui-locust',
  'ui-npx',
  'ui-page',
  'ui-proxy',
  'ui-tables',
  'ui-trend',
  'wrong-answers',
]);

/** Tests that judge times, but by more than a neighbour costs: two files at a time. */
const PAIRS = filesOf([
  'live-control',
  'load',
  'main-job',
  'numbers',
  'open-model',
  'plans',
  'runaway',
  'schedules',
  'server-timing',
  'several-runs',
  'signals',
  'sleep',
  'streams',
  'verdict',
  'worker-loss',
]);

/** Tests that look at the memory of their own process, set its variables, or load other tests once more. */
const ALONE = ['cluster/process-memory', 'fuzz/answers', 'net/http1/same-tests'].map((name) => `test/unit/${name}.test.ts`);

const unit = { testTimeout: 60_000 };
/** What is started, and workers of a test's own process, are built from the sources as they are now. */
const built = { globalSetup: ['test/support/build-once.ts'] };
const e2e = {
  ...built,
  testTimeout: 90_000,
  hookTimeout: 60_000,
  maxConcurrency: 2, // of tests of one file that say they may run beside others
};

/** Vitest itself would leave one of them idle. */
const CORES = availableParallelism();

/** A file for the results as JSON, as `.ci/run` counts them; none unless it is asked for. */
const RESULTS = process.env['TEST_RESULTS'];

export default defineConfig({
  test: {
    reporters: [
      'default',
      ...(RESULTS === undefined ? [] : [['json', { outputFile: RESULTS }] as ['json', { outputFile: string }]]),
      new Skipped(),
    ],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...unit,
          ...built,
          name: 'unit',
          include: ['test/unit/**/*.test.ts', 'test/architecture.test.ts', 'test/types/**/*.test.ts'],
          exclude: ALONE,
          maxWorkers: CORES,
          isolate: false, // pure code: files share a process and its modules, which halves what they cost
        },
      },
      { test: { ...unit, name: 'unit-alone', include: ALONE, maxWorkers: CORES } },
      { test: { ...e2e, name: 'e2e-said', include: SAID, maxWorkers: 3 * CORES, sequence: { groupOrder: 1 } } },
      { test: { ...e2e, name: 'e2e-pairs', include: PAIRS, maxWorkers: CORES, sequence: { groupOrder: 2 } } },
      {
        test: {
          ...e2e,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [...SAID, ...PAIRS],
          fileParallelism: false, // a test beside another one would measure the other one
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
