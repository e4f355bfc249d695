import type { ThresholdPlan } from '../core/plan.ts';
import type { Tags } from '../core/records.ts';
import { HTTP, LIVE_STREAM_METRICS, ofAnyAnswer, ofExpected, STREAM } from '../core/roles.ts';
import { judged, type MetricSource, type TrendView } from './metric-source.ts';

type Asked = Pick<ThresholdPlan, 'metric' | 'tags'>;

/** What a latency is ranked among: the expected answers, then everything that is known to have been slower than the limit. */
export interface RankedAnswers {
  readonly answers: TrendView | undefined;
  readonly answered: number;
  /** Timeouts always; requests and starts that were cut off, once they had waited past the limit. */
  readonly waiting: number;
}

/** A series of what was cut off before its time was known. */
export interface CutOff {
  readonly metric: string;
  readonly tags: Tags;
  /** Those among them that count as over any limit, however long they had waited. */
  readonly always: Tags | undefined;
  /** Whether it tells of requests that were asked for: a start that never came to ask for a stream does not. */
  readonly isAsked: boolean;
}

/** Tags of what a latency is asked of: nobody knows yet whether a stream that goes on is an expected answer. */
export function answerTagsOf({ metric, tags }: Asked): Tags {
  return LIVE_STREAM_METRICS.has(metric) ? tags : ofExpected(tags);
}

/** Where to look for what was cut off before it had a time of this metric. */
export function cutOffsOf({ metric, tags }: Asked): CutOff[] {
  const anyAnswer = ofAnyAnswer(tags);
  const timeouts = { ...anyAnswer, kind: 'timeout' };
  if (metric === HTTP.responseTime) return [{ metric: HTTP.cutOff, tags: anyAnswer, always: timeouts, isAsked: true }];
  const before = { ...anyAnswer, before: metric };
  // a gap that was cut off by the limit of the whole stream may have been a short one
  if (LIVE_STREAM_METRICS.has(metric)) return [{ metric: STREAM.cutOff, tags: before, always: undefined, isAsked: true }];
  return [
    { metric: STREAM.cutOff, tags: before, always: { ...before, kind: 'timeout' }, isAsked: true },
    { metric: HTTP.cutOff, tags: { ...anyAnswer, kind: 'dropped' }, always: undefined, isAsked: false },
  ];
}

export function rankedAnswersOf(plan: ThresholdPlan, source: MetricSource): RankedAnswers {
  const { limit, comparison } = plan.parsed;
  const isInclusive = comparison === '<'; // a request that waited exactly the limit is not under it
  const answers = source.trend(plan.metric, judged(answerTagsOf(plan)));
  let waiting = 0;
  let asked = answers?.count ?? 0;
  for (const { metric, tags, always, isAsked } of cutOffsOf(plan)) {
    const cutOff = source.trend(metric, judged(tags));
    const timeouts = always === undefined ? undefined : source.trend(metric, judged(always));
    if (isAsked) asked += cutOff?.count ?? 0;
    waiting += (timeouts?.count ?? 0) + (cutOff?.countOver(limit, isInclusive) ?? 0) - (timeouts?.countOver(limit, isInclusive) ?? 0);
  }
  // starts that were dropped say nothing of streams where nobody asked for any
  return { answers, answered: answers?.count ?? 0, waiting: asked === 0 ? 0 : waiting };
}
