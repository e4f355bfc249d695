import { expect, test } from 'vitest';
import { serverRows } from '../../../runtime/core/request-figures.ts';

test('what one request alone heard of its server is not said again for all of them together', () => {
  const part = { part: 'inference', count: 1, avg: 1, p95: 1, max: 1 };
  const [one, two, all, silent] = [
    { name: 'a', serverMs: [part] },
    { name: 'b', serverMs: [part] },
    { name: 'Aggregated', serverMs: [part] },
    { name: 'c', serverMs: [] },
  ];
  expect(serverRows([silent, one, all])).toEqual([one]);
  expect(serverRows([one, two, all])).toEqual([one, two, all]);
});
