import type { RunEnvironment, RunJson } from '../core/run-json.ts';
import type { Redactor } from '../history/redactor.ts';
import { requestDetailsOf } from '../metrics/request-details.ts';
import type { RunTimeline } from '../metrics/run-timeline.ts';
import type { MetricStore } from '../metrics/store.ts';

interface Recorded {
  readonly timeline: RunTimeline;
  readonly store: MetricStore;
  /** What plan.json holds; `machineFacts` among it. */
  readonly plan: unknown;
  /** Absent where secrets are hidden already: read back from a journal. */
  readonly redactor?: Redactor;
}

/** The result with all that stands beside its core: what every report but the latency log is made of. */
export function completeRun(run: RunJson, { timeline, store, plan, redactor }: Recorded): RunJson {
  const beside = { series: timeline.data(), details: requestDetailsOf(store, run.requests), environment: environmentOf(plan) };
  return { ...run, ...(redactor === undefined ? beside : redactor.json(beside)) };
}

/** Versions, machine, git state, tags and variables, as plan.json has them. */
export function environmentOf(plan: unknown): RunEnvironment {
  const { versions, machine, git, scriptSha256, configSha256, tags, variables } = (plan ?? {}) as RunEnvironment;
  return {
    ...(versions === undefined ? {} : { versions }),
    ...(machine === undefined ? {} : { machine }),
    ...(git === undefined ? {} : { git }),
    ...(scriptSha256 === undefined ? {} : { scriptSha256 }),
    ...(configSha256 === undefined ? {} : { configSha256 }),
    ...(tags === undefined ? {} : { tags }),
    ...(variables === undefined ? {} : { variables }),
  };
}
