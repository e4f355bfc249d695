import { expect, test } from 'vitest';
import { askedBy, marginOf } from '../../../runtime/core/threshold-text.ts';
import { marginRatioOf } from '../../../runtime/core/threshold-tile.ts';
import { liveOf } from '../../../runtime/verdict/live-state.ts';
import { thresholdOf } from '../verdict/run-of-seconds.ts';

test.each([
  ['value<10', 8, 0.2],
  ['value<10', 12, -0.2],
  ['value>10', 12, 0.2],
  ['value>-10', -8, 0.2],
  ['value<-10', -8, -0.2],
  ['value==10', 12, undefined],
  ['value!=10', 12, undefined],
  ['value<0', 1, undefined],
])('%s with %d is %s of its limit away, while the run goes on and when it is over', (condition, actual, margin) => {
  const plan = thresholdOf('vus', condition);
  const scale = { divisor: 1, unit: 'count', format: String, exactly: String } as const;
  const live = liveOf(plan, 'undecided', { measured: { kind: 'value', value: actual }, scale });
  const { limit } = plan.parsed;
  expect([
    live.marginRatio,
    marginRatioOf({ expression: plan.expression, actual, limit }),
    marginOf({ actual, limit }, askedBy(plan.expression)),
  ]).toEqual([margin, margin, margin]);
});
