import type { ErrorRow, RunJson, UncountedRow } from '../core/run-json.ts';
import type { LiveState, UncountedLine } from './api.ts';

type Failure = LiveState['errors'][number];

/** A check as it is shown: of a run that goes on neither its group nor why it threw is known. */
export type ShownCheck = LiveState['checks'][number] & Partial<Pick<RunJson['checks'][number], 'group' | 'reason'>>;

/** What sections are made of: a run that goes on has its tables, the result all of it. */
export interface ShownRun
  extends Partial<
    Pick<
      RunJson,
      | 'run'
      | 'requests'
      | 'details'
      | 'byTag'
      | 'groups'
      | 'streams'
      | 'tasks'
      | 'kept'
      | 'metrics'
      | 'starts'
      | 'generator'
      | 'scenarios'
      | 'environment'
      | 'exploratory'
      | 'notes'
    >
  > {
  readonly uncounted: readonly UncountedLine[];
  readonly errors: readonly Failure[];
  readonly checks: readonly ShownCheck[];
}

/** A result, with its rows as a run that goes on has them. */
export function shownRun(run: RunJson): ShownRun {
  const { uncounted = [], errors, ...rest } = run;
  return { ...rest, uncounted: uncounted.map(uncountedLine), errors: errors.map(failureOf) };
}

export function uncountedLine({ period, task, method, name, count, failed, allResponseTimeMs }: UncountedRow): UncountedLine {
  return { period, task, method, name, count, failed, responseMs: allResponseTimeMs ?? null };
}

export function failureOf({ firstSeen, lastSeen, ...error }: ErrorRow): Failure {
  return { ...error, firstSeenMs: Date.parse(firstSeen), lastSeenMs: Date.parse(lastSeen) };
}
