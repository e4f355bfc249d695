import type { Redactor } from '../core/redactor.ts';
import type { RunEnvironment, RunJson } from '../core/run-json.ts';
import { environmentSchema } from '../history/run-json-schema.ts';
import { requestDetailsOf } from '../record/request-details.ts';
import type { RunTimeline } from '../record/run-timeline.ts';
import type { MetricStore } from '../record/store.ts';

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

/** Versions, machine, git state, tags and variables, as plan.json has them; what somebody changed so that it is none of these is left out. */
export function environmentOf(plan: unknown): RunEnvironment {
  const found = (typeof plan === 'object' && plan !== null ? plan : {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(environmentSchema.shape).flatMap(([name, schema]) => {
      const { success, data } = schema.safeParse(found[name]);
      return success ? [[name, data]] : [];
    }),
  );
}
