import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { keptPlanOf, readPlan } from '../../../runtime/history/plan-file.ts';
import { planOf } from '../config/fixtures.ts';
import { temporaryFolder } from './temporary-folder.ts';

const JOURNALS = join(import.meta.dirname, '../../golden/journals');

function folderWith(text: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'plan.json'), text);
  return folder;
}

const OPEN = { a: { executor: 'ramping-arrival-rate', startRate: 1, stages: [{ duration: '9s', target: 5 }], preAllocatedVUs: 3 } };
const plan = planOf({ script: { options: { scenarios: OPEN, thresholds: { http_req_failed: ['rate<0.1', 'rate<1% for 5s'] } } } });
const written = JSON.parse(JSON.stringify({ ...plan, scriptSha256: 'abc', machine: { cpu: 'x', cores: 2 } }));

test('a plan is read as it was written, with the facts beside it', () => {
  expect(readPlan(folderWith(JSON.stringify(written)))).toEqual(written);
});

test('plans of all kept runs are read, also those of older versions, which lack what came later', () => {
  const kept = readdirSync(JOURNALS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(kept).toHaveLength(10);
  for (const { name } of kept) {
    const text = readFileSync(join(JOURNALS, name, 'plan.json'), 'utf8');
    expect(readPlan(folderWith(text))).toEqual(JSON.parse(text));
  }
});

test.each([
  [{ ...written, version: 2 }, 'version: '],
  [{ ...written, scenarios: [{ ...written.scenarios[0], curve: [{ atUs: 0 }] }] }, 'scenarios.0.curve.0.rate: '],
  [{ ...written, scenarios: [{ ...written.scenarios[0], kind: 'half' }] }, 'scenarios.0.kind: '],
  [{ ...written, thresholds: [{ ...written.thresholds[0], parsed: null }] }, 'thresholds.0.parsed: '],
  [{ ...written, environment: { name: 'demo' } }, 'environment.baseUrl: '],
  [[], 'the whole: '],
])('damage %# names the file and the field, and is none for who does without', (damaged, place) => {
  const folder = folderWith(JSON.stringify(damaged));
  let caught: unknown;
  try {
    readPlan(folder);
  } catch (error) {
    caught = error;
  }
  expect(caught).toBeInstanceOf(ConfigError);
  expect((caught as Error).message).toContain(`${join(folder, 'plan.json')}: expected the plan of a run of version 1; ${place}`);
  expect(keptPlanOf(folder)).toBeUndefined();
});

test('what is no JSON, or not there, names the file', () => {
  expect(() => readPlan(folderWith('{'))).toThrow(/plan\.json: expected the plan of a run; /);
  expect(() => readPlan(temporaryFolder())).toThrow(/plan\.json: expected the plan of a run; ENOENT/);
});
