import { expect, test } from 'vitest';
import { died, stalled, tooLarge } from '../../../runtime/cluster/worker-loss.ts';
import { ClusterError, ScriptError } from '../../../runtime/core/errors.ts';

const VU_3 = { place: 'VU 3 (scenario default, iteration 5)', isScript: true };
const IDLE = { ...VU_3, isScript: false };
const MB = 1_048_576;

test('a worker whose script runs and says nothing for 5 s has a runaway script: 115', () => {
  const error = stalled(0, VU_3, { timeoutMs: 5_000, usedBytes: undefined });
  expect(error).toBeInstanceOf(ScriptError);
  expect(error.exitCode).toBe(115);
  expect(error.message).toBe(
    'VU 3 (scenario default, iteration 5) blocked its worker: its code ran for more than 5 s without waiting for anything',
  );
  expect(error.hint).toContain('a loop that never ends');
});

test('when its memory was filling meanwhile, that is said with its size', () => {
  const error = stalled(0, VU_3, { timeoutMs: 5_000, usedBytes: 812 * MB });
  expect(error.message).toContain('without waiting for anything, and was filling its memory: 812 MB in use');
  expect(error.hint).toContain('arrays, strings or maps');
});

test('a worker that says nothing while none of the script runs is lost: 112', () => {
  const error = stalled(1, IDLE, { timeoutMs: 5_000, usedBytes: undefined });
  expect(error).toBeInstanceOf(ClusterError);
  expect(error.exitCode).toBe(112);
  expect(error.message).toBe('worker 2 did not answer for 5 s, and no code of the script was running');
});

test('a worker that is too large names the VU that fills it, or the last one that ran', () => {
  const bytes = { used: 1_800 * MB, max: 1_792 * MB };
  expect(tooLarge(VU_3, bytes).message).toBe(
    "VU 3 (scenario default, iteration 5) filled its worker's memory: 1800 MB in use, 1792 MB allowed",
  );
  expect(tooLarge(IDLE, bytes).message).toBe(
    'the memory of a worker is full, the last to run in it was VU 3 (scenario default, iteration 5): 1800 MB in use, 1792 MB allowed',
  );
  expect(tooLarge(IDLE, bytes).exitCode).toBe(115);
});

test.each([
  'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory',
  'FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory',
  'FATAL ERROR: v8::ArrayBuffer::NewBackingStore Allocation failed - process out of memory',
])('a worker that died saying "%s" ran out of memory: 115', (stderr) => {
  const error = died(0, VU_3, { how: 'SIGABRT', stderr: `<--- Last few GCs --->\n${stderr}\n----- Native stack trace -----`, heapMb: 768 });
  expect([error.exitCode, error.message]).toEqual([
    115,
    "VU 3 (scenario default, iteration 5) filled its worker's memory: more than 768 MB of JavaScript heap",
  ]);
});

test('a worker that died otherwise is lost with what it said last: 112', () => {
  const error = died(0, VU_3, { how: 'exit code 7', stderr: 'TypeError: x\n    at y\n', heapMb: 768 });
  expect([error.exitCode, error.message]).toEqual([112, 'worker 1 died (exit code 7):\nTypeError: x\n    at y']);
  expect(died(0, VU_3, { how: 'SIGKILL', stderr: '', heapMb: 768 }).hint).toContain('when memory runs out');
});
