import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { readRunJson } from '../../../runtime/history/run-json-file.ts';
import { emptyRun, failedRun } from '../report/fixed-runs.ts';
import { temporaryFolder } from './temporary-folder.ts';

function fileOf(content: unknown): string {
  const path = join(temporaryFolder(), 'run.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

test.each([failedRun, emptyRun])('what was written is read again, with what stands beside the core', async (run) => {
  const withMore = { ...run, machine: { cpus: 2 } };
  expect(await readRunJson(fileOf(withMore))).toEqual(withMore);
});

test('a file of an older version, which has a text alone for what its thresholds ask, is read as one of today', async () => {
  const segments = [{ phase: 'measured', fromS: 0, toS: 30, change: '', thresholds: failedRun.thresholds }];
  const run = { ...failedRun, exploratory: { segments } };
  const older = JSON.parse(JSON.stringify(run, (key, value: unknown) => (key === 'asked' ? undefined : value)));
  expect(older.thresholds[0]).not.toHaveProperty('asked');
  expect(await readRunJson(fileOf(older))).toEqual(run);
});

test.each([
  ['{"version":1', 'expected JSON; '],
  ['[]', 'expected a run.json of version 1; the whole: '],
  [{ ...failedRun, version: 2 }, 'expected a run.json of version 1; version: '],
  [{ ...failedRun, verdict: { outcome: 'fine', reasons: [] } }, 'expected a run.json of version 1; verdict.outcome: '],
  [{ ...failedRun, requests: [{ name: 'x' }] }, 'expected a run.json of version 1; requests.0.task: '],
])('damage %# names the file and the field', async (content, problem) => {
  const path = fileOf(content);
  const error = await readRunJson(path).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).message.startsWith(`${path}: ${problem}`)).toBe(true);
});

test('a file that is not there is a config error with exit code 104', async () => {
  await expect(readRunJson('/nowhere/run.json')).rejects.toMatchObject({
    exitCode: 104,
    message: '/nowhere/run.json: expected a run.json that can be read; got ENOENT',
  });
});
