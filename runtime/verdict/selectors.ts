import { JUDGED_PERIODS, type ThresholdPlan } from '../core/plan.ts';
import type { Period, Tags } from '../core/records.ts';
import { HTTP, STALLED_METRIC, STALLED_REST_METRIC } from '../core/roles.ts';
import type { Selector } from '../record/second-book.ts';

import { isTimeOfAnswers, unansweredOf } from './measured.ts';
import { judged } from './metric-source.ts';
import { answerTagsOf, cutOffsOf } from './ranked-answers.ts';

const MEASURED: readonly Period[] = ['measured'];

/** The series that `measure` asks for on behalf of a threshold: what has to be kept second by second. */
export function selectorsOf({ metric, tags, special }: ThresholdPlan): Selector[] {
  switch (special) {
    case 'latency':
      return [
        ...withStalls(metric, answerTagsOf({ metric, tags })),
        ...cutOffsOf({ metric, tags }).flatMap((cut) => [
          ...withStalls(cut.metric, cut.tags),
          ...(cut.always === undefined ? [] : withStalls(cut.metric, cut.always)),
        ]),
        ...asked(tags),
      ];
    case 'failure-rate':
      return [judgedOf(HTTP.failed, tags)];
    case 'rps':
      return [{ metric: HTTP.failed, tags, periods: MEASURED }, ...asked(tags)];
    case 'failed-checks':
      return [judgedOf('checks', tags), judgedOf('checks', {})];
    case 'iteration-errors':
      return [judgedOf('iteration_errors', tags), ...ran(tags)];
    case undefined:
      return [
        ...withStalls(metric, tags),
        { metric, tags, periods: MEASURED },
        ...(isTimeOfAnswers({ metric, tags }) ? [judgedOf(metric, unansweredOf(tags))] : []),
        ...ran(tags),
      ];
  }
}

/** The same for all that mean the same, in whatever order tags were written. */
export function selectorKey({ metric, tags, periods }: Selector): string {
  const sorted = Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([metric, periods, ...sorted]);
}

function judgedOf(metric: string, tags: Tags): Selector {
  const { tags: asked = {}, periods = JUDGED_PERIODS } = judged(tags);
  return { metric, tags: asked, periods };
}

/** A metric with those of its samples that the generator's stalls may have made longer. */
function withStalls(metric: string, tags: Tags): Selector[] {
  const of = { ...tags, of: metric };
  return [judgedOf(metric, tags), judgedOf(STALLED_METRIC, of), judgedOf(STALLED_REST_METRIC, of)];
}

function ran(tags: Tags): Selector[] {
  return [judgedOf('iterations', tags), judgedOf('iteration_errors', tags), ...asked(tags)];
}

function asked(tags: Tags): Selector[] {
  return [judgedOf(HTTP.failed, tags), judgedOf(HTTP.cutOff, tags)];
}
