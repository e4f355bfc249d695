import type { MetricDefinition } from '../core/records.ts';

/** What the init pass learned of a script. */
export interface ScriptFacts {
  /** `default`, `setup`, `options` and whatever else it exports. */
  readonly exportNames: readonly string[];
  /** What it exports as `options`, after JSON; undefined when it exports none. Not validated yet. */
  readonly options: unknown;
  /** Metrics that it declares. */
  readonly metrics: readonly MetricDefinition[];
  /** Names of the tasks of its mix; empty: it has no mix, or they are not known. */
  readonly taskNames: readonly string[];
  /** Weights of those tasks, by name. Absent: not known. */
  readonly taskWeights?: Readonly<Record<string, number>>;
  /** True: `taskNames` is all there is, so that none means none. */
  readonly isTaskListComplete?: boolean;
  /** Text of its bundle: what never occurs in it cannot be the name of a tag. Absent: not known. */
  readonly code?: string;
}
