import { expect, test } from 'vitest';
import { phaseAt } from '../../../runtime/engine/phases.ts';

const PHASES = [
  { name: 'base', fromUs: 0, toUs: 20 },
  { name: 'peak', fromUs: 20, toUs: 80 },
  { name: 'recovery', fromUs: 80, toUs: 100 },
];

test('a part begins with its first µs: 19 is base, 20 is peak, 80 is recovery', () => {
  expect([0, 19, 20, 79, 80, 99].map((atUs) => phaseAt(PHASES, atUs))).toEqual(['base', 'base', 'peak', 'peak', 'recovery', 'recovery']);
});

test('before 0, at the end of the last part and without parts there is no name', () => {
  expect([phaseAt(PHASES, -1), phaseAt(PHASES, 100), phaseAt([], 5)]).toEqual(['', '', '']);
});
