import type { ThresholdPlan } from '../core/plan.ts';
import type { RunSegment, ThresholdResult } from '../core/run-json.ts';
import type { MetricStore, SeriesFilter } from '../record/store.ts';
import { resultOf } from './judge.ts';
import { measure } from './measure.ts';
import { overflowOf } from './measured.ts';
import { type MetricSource, sourceOf } from './metric-source.ts';
import { scaleOf } from './scale.ts';
import { selectorsOf } from './selectors.ts';

/** Name of the stretch before the first change: its samples carry whatever phase the plan gave them. */
export const BASE_SEGMENT = 'base';

/**
 * Every threshold for every stretch between two changes of the load: on the samples that were due in it, rates over its length. One with a
 * window is taken over the segment as a whole; one that asks for another phase is left out.
 */
export function judgeSegments(
  plans: readonly ThresholdPlan[],
  store: MetricStore,
  segments: readonly Omit<RunSegment, 'thresholds'>[],
): RunSegment[] {
  const changed = new Set(segments.map(({ phase }) => phase).filter((phase) => phase !== BASE_SEGMENT));
  return segments.map((segment) => {
    const isOwn = (phase: string | undefined): boolean =>
      segment.phase === BASE_SEGMENT ? !changed.has(phase ?? '') : phase === segment.phase;
    const asked = plans.filter(({ tags }) => tags['phase'] === undefined || isOwn(tags['phase']));
    return { ...segment, thresholds: asked.map((plan) => judgeWithin(plan, store, { isOwn, segment })) };
  });
}

interface Within {
  readonly isOwn: (phase: string | undefined) => boolean;
  readonly segment: Omit<RunSegment, 'thresholds'>;
}

function judgeWithin(plan: ThresholdPlan, store: MetricStore, { isOwn, segment }: Within): ThresholdResult {
  const source = phasesOf(store, isOwn);
  const tagged = { ...plan, tags: { ...plan.tags, phase: segment.phase } };
  const overflow = overflowOf(
    source,
    tagged,
    selectorsOf(plan).map(({ metric }) => metric),
  );
  const seconds = segment.toS - segment.fromS;
  const basis = { source, seconds, isOpen: false };
  return resultOf(plan, overflow ?? measure(plan, source, seconds), { scale: scaleOf(plan, source), basis });
}

/** The part of a run whose samples carry certain phases. */
function phasesOf(store: MetricStore, isOwn: Within['isOwn']): MetricSource {
  const within = (where: SeriesFilter): SeriesFilter => ({ ...where, keeps: (tags) => isOwn(tags['phase']) });
  return {
    ...sourceOf(store),
    trend: (metric, where) => store.trend(metric, within(where)),
    counter: (metric, where) => store.counter(metric, within(where)),
    rate: (metric, where) => store.rate(metric, within(where)),
    gauge: (metric, where) => store.gauge(metric, within(where)),
  };
}
