import { expect, test } from 'vitest';
import { isAfterLoad, isLoad, isStage, runStateOf, STAGES } from '../../../runtime/core/stage.ts';

test('each stage has a state of the API, and is before, in or after the load that counts', () => {
  expect(STAGES.map((stage) => [stage, runStateOf(stage), isLoad(stage), isAfterLoad(stage)])).toEqual([
    ['preparing users', 'starting', false, false],
    ['setup', 'starting', false, false],
    ['warm-up', 'warm-up', false, false],
    ['measuring', 'running', true, false],
    ['stopping', 'stopping', true, false],
    ['teardown', 'stopping', false, true],
    ['summary', 'stopping', false, true],
    ['ended', 'ended', false, true],
  ]);
  expect([runStateOf(''), isLoad(''), isAfterLoad('')]).toEqual(['starting', false, false]);
});

test('a note that holds the word of a stage is none', () => {
  expect(['measuring', 'measuring began', '', 'running'].map(isStage)).toEqual([true, false, false, false]);
});
