import { expect, test } from 'vitest';
import { ClusterError } from '../../../runtime/core/errors.ts';
import { Numbering, SequenceCheck } from '../../../runtime/messages/sequence.ts';

const LOG = { type: 'log' } as const;
/** What a receiver says of these numbers; the numbers are those of snapshots. */
function refusalOf(...numbers: number[]): string | undefined {
  const check = new SequenceCheck('worker 2');
  try {
    for (const number of numbers) check.take(number, { type: 'snapshot' });
    return undefined;
  } catch (error) {
    return error instanceof ClusterError ? error.message : String(error);
  }
}

test('messages are numbered from 1 on, beats not at all, and what is numbered so is taken', () => {
  const [numbering, check] = [new Numbering(), new SequenceCheck('worker 1')];
  const messages = [LOG, { type: 'beat' }, LOG, { type: 'beat' }, LOG] as const;
  const numbers = messages.map((message) => numbering.next(message));
  expect(numbers).toEqual([1, 0, 2, 0, 3]);
  messages.forEach((message, i) => void check.take(numbers[i] as number, message));
});

test.each<[string, number[], string]>([
  ['the first', [2], 'worker 2: 1 of its messages were lost or overtaken: after message 0 came 2 (snapshot)'],
  ['two of seven', [1, 2, 5], 'worker 2: 2 of its messages were lost or overtaken: after message 2 came 5 (snapshot)'],
])('%s that does not come is named', (_, numbers, words) => {
  expect(refusalOf(...numbers)).toBe(words);
});

test('one that comes again, at once or later, is named', () => {
  expect(refusalOf(1, 2, 2)).toBe('worker 2: its message 2 (snapshot) came twice or late, after message 2');
  expect(refusalOf(1, 2, 3, 1)).toBe('worker 2: its message 1 (snapshot) came twice or late, after message 3');
  expect(refusalOf(0)).toBe('worker 2: its message 0 (snapshot) came twice or late, after message 0');
});
