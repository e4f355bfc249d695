import { expect, test } from 'vitest';
import { describeActivity } from '../../../runtime/cluster/activity-words.ts';
import { STALL_PHASE, type StallPhase } from '../../../runtime/core/stall-cell.ts';

function cellOf(phase: StallPhase, vu = -1, iteration = 0, scenario = 0): Buffer {
  const cell = Buffer.alloc(16);
  cell.writeUInt32LE(STALL_PHASE.indexOf(phase), 0);
  cell.writeInt32LE(vu, 4);
  cell.writeUInt32LE(iteration, 8);
  cell.writeUInt32LE(scenario, 12);
  return cell;
}

const activeVu = (vu: number, phase: StallPhase = 'iteration') => ({ vu, phase: STALL_PHASE.indexOf(phase), iteration: 3, scenario: 1 });
const NAMES = ['browse', 'checkout'];

test.each([
  [cellOf('iteration', 16, 3, 1), 'VU 17 (scenario checkout, iteration 3)'],
  [cellOf('init', 2, 0, 1), 'VU 3 (scenario checkout) in module level of the script (phase init)'],
  [cellOf('init'), 'module level of the script (phase init)'],
  [cellOf('setup'), 'setup()'],
  [cellOf('vuTeardown', 0), 'VU 1 (scenario browse) in vuTeardown()'],
  [cellOf('several'), 'one of several virtual users'],
])('a worker whose memory cannot be read is described by its cell', (cell, place) => {
  expect(describeActivity(cell, undefined, NAMES)).toEqual({ place, isScript: true });
});

test('a cell that nobody wrote to names nobody, and neither does one of nonsense', () => {
  expect(describeActivity(Buffer.alloc(16), undefined, NAMES)).toEqual({ place: 'no virtual user yet', isScript: false });
  expect(describeActivity(Buffer.alloc(16, 0xff), undefined, NAMES)).toEqual({ place: 'no virtual user yet', isScript: false });
});

test('what was seen in its memory goes before the cell', () => {
  const seen = { isInside: true, vus: [activeVu(6)] };
  expect(describeActivity(cellOf('several'), seen, NAMES)).toEqual({ place: 'VU 7 (scenario checkout, iteration 3)', isScript: true });
  expect(describeActivity(cellOf('several'), { ...seen, isInside: false }, NAMES).isScript).toBe(false);
});

test('of 8 VUs that may have been running, 5 are named', () => {
  const { place } = describeActivity(cellOf('several'), { isInside: true, vus: [0, 1, 2, 3, 4, 5, 6, 7].map((vu) => activeVu(vu)) }, NAMES);
  expect(place.split(/, or perhaps | or |,$/)).toEqual([
    ...[1, 2, 3, 4, 5].map((id) => `VU ${id} (scenario checkout, iteration 3)`),
    'one of 3 others',
    '',
  ]);
});
