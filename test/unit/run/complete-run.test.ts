import { expect, test } from 'vitest';
import { environmentOf } from '../../../runtime/run/complete-run.ts';

const FACTS = {
  versions: { stressrun: '0.2.0', node: '24.1.0' },
  machine: { cores: 2, cpu: 'a processor' },
  git: null,
  scriptSha256: 'ab',
  configSha256: null,
  tags: { commit: '3f9a2c' },
  variables: { MODEL: 'small' },
};

test('what plan.json says of versions, machine, git, tags and variables stands beside the figures, and nothing else of it', () => {
  expect(environmentOf({ ...FACTS, seed: 7, scenarios: [] })).toEqual(FACTS);
  expect(environmentOf({ tags: { a: 'b' } })).toEqual({ tags: { a: 'b' } });
});

test.each(['tags', 'variables', 'versions', 'machine', 'git', 'scriptSha256', 'configSha256'])(
  '%s that somebody made something else of is left out',
  (name) => {
    const { [name as keyof typeof FACTS]: _, ...rest } = FACTS;
    for (const odd of [5, [], [null], { a: { b: 1 } }, true, undefined]) expect(environmentOf({ ...FACTS, [name]: odd })).toEqual(rest);
  },
);

test('of a plan that is none nothing is said', () => {
  for (const odd of [null, undefined, 'x', 5, []]) expect(environmentOf(odd)).toEqual({});
});
