import type { ValueRange } from '../core/buckets.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import type { Tags } from '../core/records.ts';
import { HTTP, isStreamMetric, STREAM } from '../core/roles.ts';
import { OVERFLOW_TAG } from '../core/rows.ts';
import { standing } from './compare.ts';
import { judged, type MetricSource } from './metric-source.ts';

/**
 * What the run says about one threshold, before it is compared. Values are in the recording unit: µs, bytes, a ratio, a plain number. `isOwn`: over the
 * limit, and without the stalls of the generator itself perhaps not.
 */
export type Measured =
  | {
      readonly kind: 'value';
      readonly value: number;
      readonly samples?: number;
      /** What it could be, where the histogram does not know it exactly. */
      readonly range?: ValueRange;
      readonly isOwn?: true;
    }
  /** The percentile falls among requests that never got an answer: over the limit, nobody knows by how much. */
  | { readonly kind: 'over-limit'; readonly samples: number; readonly waiting: number; readonly isOwn?: true }
  /** `why`: a reason that several may have, as a clause. */
  | { readonly kind: 'no-data'; readonly because: string; readonly why?: string; readonly isExcused?: true }
  | { readonly kind: 'undecided'; readonly because: string };

export const NO_DATA: Measured = { kind: 'no-data', because: 'no data', why: 'nothing was measured that they are about' };
/** What a run lacks that has nothing of a metric of streams. */
const NOT_STREAMED: Readonly<Record<string, string>> = {
  [STREAM.firstEventDue]: 'no stream came to a first event',
  [STREAM.firstTokenDue]: 'no stream came to a first token',
  [STREAM.gap]: 'no stream had two events',
  [STREAM.tokenGap]: 'no stream had two events with text of tokens',
  [STREAM.stalls]: 'no stream with a stallAfter had two events',
  [STREAM.good]: 'no stream had goals',
};

/** That there is nothing of this metric. */
export function noDataOf(metric: string): Measured {
  const words = NOT_STREAMED[metric] ?? (isStreamMetric(metric) ? 'no stream had any' : undefined);
  return words === undefined ? NO_DATA : { kind: 'no-data', because: `no data, ${words}`, why: words };
}

const { duration, responseTime, blocked, connecting, tls, sending, waiting, receiving } = HTTP;
/** Times that requests have whatever becomes of them. */
const ANSWER_TIMES: ReadonlySet<string> = new Set([duration, responseTime, blocked, connecting, tls, sending, waiting, receiving]);
const NOTHING_ANSWERED: Measured = { kind: 'no-data', because: 'no data, nothing was answered', why: 'nothing was answered' };

/** The value of a range: the highest that it could be, as everywhere. */
export function measuredIn(range: ValueRange, samples: number): Measured {
  return { kind: 'value', value: range.high, samples, ...(range.low < range.high ? { range } : {}) };
}

/**
 * A time of requests that is met though none of them was answered: 0 µs of a refused connection are no answer. What is missed stands, such as a timeout.
 * @returns what was measured, or that there is none
 */
export function withAnswers({ metric, tags, parsed }: ThresholdPlan, source: MetricSource, measured: Measured): Measured {
  if (measured.kind !== 'value' || !isTimeOfAnswers({ metric, tags }) || standing(measured, parsed) === 'missed') return measured;
  const unanswered = source.trend(metric, judged(unansweredOf(tags)))?.count ?? 0;
  return unanswered > 0 && unanswered === measured.samples ? NOTHING_ANSWERED : measured;
}

/** Whether a metric has a time for each request, also for those without an answer, and the threshold does not ask for those alone. */
export function isTimeOfAnswers({ metric, tags }: Pick<ThresholdPlan, 'metric' | 'tags'>): boolean {
  return ANSWER_TIMES.has(metric) && tags['status'] === undefined;
}

/** Tags of the requests among them that have no answer. */
export function unansweredOf(tags: Tags): Tags {
  return { ...tags, status: '0' };
}

/** Whether anything with these tags ran while it counted: then a counter that nobody touched is 0, and not unknown. */
export function hasRun(source: MetricSource, tags: Tags): boolean {
  const isCounted = (metric: string): boolean => (source.counter(metric, judged(tags))?.count ?? 0) > 0;
  return isCounted('iterations') || isCounted('iteration_errors') || hasAsked(source, tags);
}

/** Whether a logical request ended in any way while it counted. */
export function hasAsked(source: MetricSource, tags: Tags): boolean {
  return (source.rate(HTTP.failed, judged(tags))?.count ?? 0) > 0 || (source.trend(HTTP.cutOff, judged(tags))?.count ?? 0) > 0;
}

/** Tags that overflow series keep; a threshold on any other cannot see what is in there. */
const KEPT_BY_OVERFLOW: ReadonlySet<string> = new Set(['expected_response', 'kind', 'before', 'period', OVERFLOW_TAG]);

/** Undecided when samples that the threshold asks for may be in a metric's overflow series; undefined when all is told apart. */
export function overflowOf(source: MetricSource, { tags }: ThresholdPlan, metrics: readonly string[]): Measured | undefined {
  if (Object.keys(tags).every((tag) => KEPT_BY_OVERFLOW.has(tag))) return undefined;
  const metric = metrics.find((name) => source.hasOverflowed(name));
  if (metric === undefined) return undefined;
  return { kind: 'undecided', because: `some samples of ${metric} have lost their tags: there were more series than the cap allows` };
}
