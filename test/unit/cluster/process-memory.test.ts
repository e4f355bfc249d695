import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { memoryOf } from '../../../runtime/cluster/process-memory.ts';

test.runIf(existsSync('/proc/self/status'))(
  'the system tells what this process has in memory, to within 64 MB of what it says itself',
  () => {
    const memory = memoryOf(process.pid);
    expect(Math.abs((memory?.rssBytes ?? 0) - process.memoryUsage.rss())).toBeLessThan(64 << 20);
  },
);

test.runIf(existsSync('/proc/self/status'))('100 MB that were asked for and not touched are data, and not in memory', () => {
  const before = memoryOf(process.pid);
  const asked = Array.from({ length: 10 }, () => new Uint8Array(10 << 20));
  const after = memoryOf(process.pid);
  expect((after?.dataBytes ?? 0) - (before?.dataBytes ?? 0)).toBeGreaterThan(90 << 20);
  expect((after?.rssBytes ?? 0) - (before?.rssBytes ?? 0)).toBeLessThan(50 << 20);
  expect(asked).toHaveLength(10);
});

test('of a process that is not there nothing is known', () => {
  expect(memoryOf(0)).toBeUndefined();
  expect(memoryOf(2 ** 30)).toBeUndefined();
});
