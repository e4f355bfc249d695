import { expect, test } from 'vitest';
import { isBusy, isSameStatus, landingOf, liveIdOf } from '../../../runtime/ui/run-status.ts';

const none = { id: null, state: null, isPlanning: false };
const live = { id: 'run 1', state: 'running', isPlanning: false } as const;
const over = { ...live, state: 'ended' } as const;

test('an address without a place leads to the run that goes on, else to the form', () => {
  expect([none, live, over].map(landingOf)).toEqual(['#/start', '#/runs/run%201', '#/start']);
});

test('while a run is planned nobody is led anywhere: neither to the form nor to the run before it', () => {
  expect([undefined, { ...none, isPlanning: true }, { ...over, isPlanning: true }].map(landingOf)).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test('a run that is planned cannot be watched yet, and no other one can be started', () => {
  const planning = { ...over, isPlanning: true };
  expect([liveIdOf(planning), isBusy(planning)]).toEqual([null, true]);
  expect([none, live, over, undefined].map(isBusy)).toEqual([false, true, false, false]);
});

test('a status differs by its id, its state, and whether a run is planned', () => {
  expect(isSameStatus(live, { ...live })).toBe(true);
  expect([over, none, undefined, { ...live, isPlanning: true }].some((other) => isSameStatus(live, other))).toBe(false);
});
