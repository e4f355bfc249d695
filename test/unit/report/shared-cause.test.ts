import { expect, test } from 'vitest';
import { sharedCause } from '../../../runtime/report/shared-cause.ts';

const BUSY = 'the load generator was saturated';

test('an end that 2 of 3 texts have is taken off both and said once', () => {
  expect(sharedCause([`p95 1ms: met, but ${BUSY}`, 'no data', `rate 3/s: met, but ${BUSY}`])).toEqual({
    cause: BUSY,
    texts: ['p95 1ms: met', 'no data', 'rate 3/s: met'],
  });
});

test('of two ends the commoner one is taken', () => {
  const texts = ['a, but x', 'b, but y', 'c, but y'];
  expect(sharedCause(texts)).toEqual({ cause: 'y', texts: ['a, but x', 'b', 'c'] });
});

test('1 text alone stays whole', () => {
  expect(sharedCause([`p95 1ms: met, but ${BUSY}`, 'no data'])).toEqual({
    cause: undefined,
    texts: [`p95 1ms: met, but ${BUSY}`, 'no data'],
  });
});
