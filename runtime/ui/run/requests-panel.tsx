import { useState } from 'preact/hooks';
import type { RunView } from '../../views/api.ts';
import { requestWords } from '../../views/request-words.ts';
import { type ApiProblem, ask, asProblem } from '../api-client.ts';
import { formatAxisSeconds } from '../format.ts';
import { AskDialog } from '../parts/ask-dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { RequestTable } from './request-table.tsx';
import { stateOf } from './run-figures.ts';
import { SectionList } from './section-list.tsx';
import { sectionsOfTab } from './shown-view.ts';

/** Requests by name, what stands beside them, and a way to count them anew while the run goes on. */
export function RequestsPanel({ view, isOver }: { view: RunView; isOver: boolean }) {
  const { rows, sinceSecond } = stateOf(view);
  return (
    <>
      {!isOver && <ResetButton sinceSecond={sinceSecond} />}
      {view.result !== null && <p class="hint">{requestWords(view.result)}</p>}
      <section>
        <RequestTable rows={rows} />
      </section>
      <SectionList sections={sectionsOfTab(view, 'requests')} />
    </>
  );
}

function ResetButton({ sinceSecond }: { sinceSecond: number }) {
  const [isAsked, setAsked] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const reset = (): void =>
    void ask('post /runs/{id}/reset', { id: 'current', body: {} }).then(
      () => setAsked(false),
      (error: unknown) => setProblem(asProblem(error)),
    );
  return (
    <div class="actions reset">
      <button type="button" onClick={() => setAsked(true)}>
        Reset statistics
      </button>
      {sinceSecond > 0 && <span class="muted">counted since {formatAxisSeconds(sinceSecond)}</span>}
      {isAsked && (
        <AskDialog title="Reset the statistics?" action="Reset" onDo={reset} onCancel={() => setAsked(false)}>
          <p>
            Requests, failures and checks on display are counted from now on. Thresholds, verdict, report and files stay over the whole run.
          </p>
          {problem !== undefined && <Problem problem={problem} />}
        </AskDialog>
      )}
    </div>
  );
}
