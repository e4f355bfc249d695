import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { compactJson } from '../../../runtime/history/json-text.ts';
import { runJsonJsonSchema, runJsonSchema } from '../../../runtime/history/run-json-schema.ts';
import { simulatedRun } from '../../support/simulated-run.ts';

const { run } = simulatedRun({ seconds: 12, names: ['/a'], requestsPerSecond: 5 });

// After a change of the schema: npx vitest run --project unit test/unit/history -u
test('run.schema.json is what the schema generates', async () => {
  await expect(`${JSON.stringify(runJsonJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    resolve(import.meta.dirname, '../../../run.schema.json'),
  );
});

test('a simulated run with series, details and kept requests is valid, and one whose series lacks its users is not', () => {
  expect(runJsonSchema.safeParse(JSON.parse(JSON.stringify(run))).success).toBe(true);
  const { users: _, ...series } = run.series ?? { users: [] };
  expect(runJsonSchema.safeParse({ ...run, series }).error?.issues[0]?.path).toEqual(['series', 'users']);
});

test('the numbers of an array stand on one line, and nothing else changes', () => {
  const value = { a: [1, -2.5, null, 1e21], b: [[1], ['1', 2], []], c: '[\n  1\n]', d: [{ e: [0] }] };
  const text = compactJson(JSON.stringify(value, undefined, 2));
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toContain('"a": [1,-2.5,null,1e+21]');
  expect(text).toContain('    [\n      "1",\n      2\n    ]');
  expect(compactJson(JSON.stringify(run, undefined, 2)).split('\n').length).toBeLessThan(700);
});
