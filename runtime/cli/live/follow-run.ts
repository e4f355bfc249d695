import { runStateOf } from '../../core/stage.ts';
import type { LiveRequests } from '../../report/live-detail.ts';
import type { ProgressState } from '../../report/progress.ts';
import { LiveDetailBook } from '../../run/live-detail-book.ts';
import type { RunControl, RunSecond } from '../../run/run-control.ts';

/** Where a run is shown. */
export interface ProgressView {
  starting(step: string): void;
  progress(state: ProgressState): void;
  /** Whether there is room for more than a line. */
  readonly hasDetail: boolean;
}

/** Shows a run by what it tells of itself, as the web UI does, from its first second to the one after its last user. */
export function followRun(run: RunControl, view: ProgressView): void {
  const book = view.hasDetail ? new LiveDetailBook(run.plan, run.baseUrl) : undefined;
  const shown = (row: LiveRequests): LiveRequests => ({ ...row, task: run.redactor.text(row.task), name: run.redactor.text(row.name) });
  run.onEvent((event) => {
    if (event.type === 'stage' && runStateOf(event.stage) === 'starting') view.starting(event.stage);
    if (event.type !== 'second') return;
    const detail = book?.take(event.second, run.status().loads);
    view.progress({
      ...stateOf(event.second),
      ...(detail === undefined ? {} : { detail: { ...detail, requests: detail.requests.map(shown) } }),
    });
  });
}

function stateOf({ elapsedUs, remainingUs, users, numbers, stage }: RunSecond): ProgressState {
  return {
    elapsedUs,
    remainingUs,
    users,
    requestsPerSecond: numbers.requestsPerSecond,
    requests: numbers.requests,
    failed: numbers.failures,
    p95Us: numbers.recent?.p95Us,
    stage: stage === 'measuring' ? '' : stage,
  };
}
