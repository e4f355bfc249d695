import type { StartCounts } from '../core/records.ts';
import { HTTP } from '../core/roles.ts';
import type { ThresholdResult } from '../core/run-json.ts';

/** What came of a run, in the periods that count. */
export interface WorkDone {
  readonly starts: StartCounts;
  /** Logical requests that were answered or failed. */
  readonly requests: number;
  readonly failed: number;
  /** Iterations that came to their end, those that threw included. */
  readonly iterations: number;
  readonly threw: number;
}

/** Metrics that say whether requests went well: a threshold on one of them judges a run in which none did. */
const REQUEST_METRICS: ReadonlySet<string> = new Set([HTTP.failed, 'checks']);

/**
 * Why a run in which no threshold was missed says nothing of its target: none was set, nothing was done, or nothing went well and no threshold asks
 * for that. Undefined: its thresholds speak.
 */
export function whyNotJudged(thresholds: readonly ThresholdResult[], done: WorkDone): string | undefined {
  const { requests, failed, iterations, threw, starts } = done;
  const judged = thresholds.filter(({ isExcused }) => isExcused !== true);
  if (requests === 0 && iterations === 0)
    return `nothing was answered and no iteration was finished: ${starts.begun} of ${starts.due} starts began, ${starts.interrupted} were interrupted`;
  const metrics = judged.map(({ asked }) => asked.metric);
  if (!metrics.some((metric) => REQUEST_METRICS.has(metric)) && requests > 0 && failed === requests)
    return `none of ${requests} ${requests === 1 ? 'request' : 'requests'} succeeded, and no threshold asks for that`;
  if (!metrics.includes('iteration_errors') && iterations > 0 && threw === iterations)
    return `every one of ${iterations} ${iterations === 1 ? 'iteration' : 'iterations'} threw, and no threshold asks for that`;
  return judged.length === 0 ? 'no threshold was set, or none had anything to judge' : undefined;
}

/**
 * What of the plan did not come about: said beside every verdict.
 * @param iterations - that came to their end
 * @param users - most of them, where starts are due by plan and nothing but a busy user keeps one from beginning
 */
export function undoneNotes({ due, begun, queued, interrupted }: StartCounts, iterations: number, users?: number): string[] {
  const notes: string[] = [];
  if (begun > 0 && iterations === 0)
    notes.push(
      `no iteration was finished (${begun} begun, ${interrupted} interrupted): make the test longer, or give gracefulStop more time`,
    );
  const waited = users === undefined || queued === 0 ? '' : `${queued} of ${due} starts waited for a user`;
  const busy = users === undefined ? '' : `: all ${users} users were busy${waited === '' ? '' : `, and ${waited}`}`;
  if (begun < due) notes.push(`${due - begun} of ${due} planned starts were never begun${busy}`);
  else if (waited !== '') notes.push(`${waited}: all ${users} were busy`);
  return notes;
}
