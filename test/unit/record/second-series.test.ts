import { expect, test } from 'vitest';
import type { SeriesDelta } from '../../../runtime/core/delta.ts';
import { stagesOf } from '../../../runtime/core/run-series.ts';
import { SecondSeries } from '../../../runtime/record/second-series.ts';
import { SeriesHistory } from '../../../runtime/record/series-history.ts';
import { secondsOf, type ToldLine } from '../../support/told-seconds.ts';

function historyOf(lines: readonly Partial<ToldLine>[]) {
  const [points, history] = [new SecondSeries(), new SeriesHistory()];
  for (const second of secondsOf(lines.map((line, i) => ({ atMs: 1_000 * (i + 1), users: 0, deltas: [], ...line }))))
    history.add(points.of(second));
  return history.data();
}

const gauge = (
  id: number,
  metric: string,
  last: number,
  more: { unit?: 'time' | 'default'; tags?: Record<string, string> } = {},
): SeriesDelta => ({
  id,
  series: { metric, type: 'gauge', unit: 'default', period: 'measured', tags: {}, ...more },
  type: 'gauge',
  count: 1,
  atUs: 0,
  last,
  min: last,
  max: last,
  refused: 0,
});

test('a gauge of times is in ms, one with a tag of its own is told apart by it, and a second in which it says nothing is a gap', () => {
  const { gauges } = historyOf([
    { deltas: [gauge(0, 'wait', 1_500, { unit: 'time' }), gauge(1, 'gpu', 40, { tags: { card: '1' } })] },
    {},
    { deltas: [gauge(2, 'gpu', 50, { tags: { card: '2' } })] },
  ]);
  expect(gauges).toEqual([
    { name: 'wait', unit: 'ms', values: [1.5, null, null] },
    { name: 'gpu{card:1}', unit: '', values: [40, null, null] },
    { name: 'gpu{card:2}', unit: '', values: [null, null, 50] },
  ]);
});

test('of 60 gauges 40 are kept, those that came first, and they go on', () => {
  const all = Array.from({ length: 60 }, (_, i) => gauge(i, `gauge ${i}`, i));
  const { gauges } = historyOf([{ deltas: all }, { deltas: [gauge(60, 'another', 1), gauge(61, 'gauge 39', 7)] }]);
  expect(gauges.map(({ name }) => name)).toEqual(all.slice(0, 40).map((_, i) => `gauge ${i}`));
  expect(gauges.at(-1)?.values).toEqual([39, 7]);
});

test('behind 600 remarks of a run its stages are known all the same', () => {
  const notes = Array.from({ length: 600 }, (_, i) => ({ kind: 'note', text: `remark ${i}` }) as const);
  const series = historyOf([{ events: notes }, { events: [{ kind: 'stage', text: 'measuring' }] }]);
  expect([series.events.length, stagesOf(series)]).toEqual([501, ['', 'measuring']]);
});
