import { HistogramLogReader, listTags } from 'hdr-histogram-js';
import { expect, test } from 'vitest';
import { LatencyLog } from '../../../runtime/record/latency-log.ts';
import { simulatedRun } from '../../support/simulated-run.ts';
import { linesOf } from './timeline-lines.ts';

test("HdrHistogram's own reader finds the 3 tasks of a simulated half minute in intervals of 10 s, all answers and the maximum", () => {
  const { run, latencyLog } = simulatedRun({ seconds: 30, names: ['/a', '/b', '/c'], requestsPerSecond: 20 });
  const text = latencyLog.text('a run');
  expect(listTags(text)).toEqual(['a', 'b', 'c']);
  const reader = new HistogramLogReader(text, 64);
  let [intervals, answers, maxUs] = [0, 0, 0];
  for (let histogram = reader.nextIntervalHistogram(); histogram !== null; histogram = reader.nextIntervalHistogram()) {
    intervals++;
    answers += histogram.totalCount;
    maxUs = Math.max(maxUs, histogram.maxValue);
    expect(histogram.endTimeStampMsec - histogram.startTimeStampMsec).toBeCloseTo(10_000, 0);
  }
  const all = run.requests.at(-1);
  expect([intervals, answers]).toEqual([9, (all?.count ?? 0) - (all?.failed ?? 0)]);
  expect(maxUs / 1000 / (all?.responseTimeMs?.max ?? 0)).toBeCloseTo(1, 3);
  expect(reader.startTimeSec).toBe(Date.parse(run.run.started) / 1000);
});

test('warm-up is not in the log, and a tag loses what would end it', () => {
  const log = new LatencyLog();
  const lines = linesOf([
    { timesUs: [1000], period: 'warm-up' },
    { timesUs: [2000], tags: { task: 'a, b\nc' } },
  ]);
  for (const line of lines) log.add(line);
  const text = log.text('x\ny');
  expect(listTags(text)).toEqual(['a_b_c']);
  expect(new HistogramLogReader(text, 64).nextIntervalHistogram()?.totalCount).toBe(1);
  expect(text.split('\n')[0]).toMatch(/^#\[x y; /);
});
