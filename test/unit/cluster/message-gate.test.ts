import { expect, test } from 'vitest';
import { BYTES_PER_SECOND_MAX, MESSAGES_PER_SECOND_MAX, MessageGate } from '../../../runtime/cluster/message-gate.ts';

const BURST_S = 4;

/** How many messages of so many bytes pass at one moment. */
function passed(gate: MessageGate, bytes: number, nowMs: number): number {
  for (let count = 0; ; count++) {
    try {
      gate.pass(bytes, nowMs);
    } catch {
      return count;
    }
  }
}

test('as many messages as of 4 s come at once, then one for each fifth of a millisecond, and after a long pause as many as of 4 s again', () => {
  const gate = new MessageGate(1_000);
  expect(passed(gate, 1, 1_000)).toBe(MESSAGES_PER_SECOND_MAX * BURST_S);
  // the one that was refused is counted too
  expect(passed(gate, 1, 1_100)).toBe(MESSAGES_PER_SECOND_MAX / 10 - 1);
  expect(passed(gate, 1, 60_000)).toBe(MESSAGES_PER_SECOND_MAX * BURST_S);
});

test('as many bytes as of 4 s come at once, then what time brings, and after a long pause as many as of 4 s again', () => {
  const [gate, mebibyte] = [new MessageGate(0), 1 << 20];
  const inSecond = BYTES_PER_SECOND_MAX / mebibyte;
  expect(passed(gate, mebibyte, 0)).toBe(inSecond * BURST_S);
  expect(passed(gate, mebibyte, 500)).toBe(inSecond / 2 - 1);
  expect(passed(gate, mebibyte, 60_000)).toBe(inSecond * BURST_S);
});

test('a clock that goes back gives nothing and takes nothing, and what is too much says which', () => {
  const gate = new MessageGate(5_000);
  expect(passed(gate, 1, 1_000)).toBe(MESSAGES_PER_SECOND_MAX * BURST_S);
  expect(() => gate.pass(1, 1_000)).toThrow('a worker sent more than 5000 messages a second');
  expect(() => new MessageGate(0).pass(BYTES_PER_SECOND_MAX * BURST_S + 1, 0)).toThrow('a worker sent more than 268435456 bytes a second');
});
