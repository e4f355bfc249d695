import { useState } from 'preact/hooks';
import type { RunView } from '../../views/api.ts';
import { type ApiProblem, ask, asProblem } from '../api-client.ts';
import { shortScript } from '../format.ts';
import { AskDialog } from '../parts/ask-dialog.tsx';
import { Problem } from '../parts/problem.tsx';

/** Keeps a run that passed under a name, for others to be compared with; says why when it cannot be. */
export function BaselineButton({ view, onSaved }: { view: RunView; onSaved(): void }) {
  const { entry } = view;
  const [name, setName] = useState(shortScript(entry.script));
  const [isAsked, setAsked] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const reason = reasonAgainst(view);
  const save = (): void =>
    void ask('post /runs/{id}/baseline', { id: view.id, body: { name } }).then(
      () => {
        setAsked(false);
        onSaved();
      },
      (error: unknown) => setProblem(asProblem(error)),
    );
  return (
    <>
      {entry.baselines.length > 0 && <span class="muted">baseline {entry.baselines.join(', ')}</span>}
      <button type="button" disabled={reason !== undefined} aria-describedby="baseline-reason" onClick={() => setAsked(true)}>
        Save as baseline
      </button>
      <span id="baseline-reason" class="hint">
        {reason ?? ''}
      </span>
      {isAsked && (
        <AskDialog title="Save as baseline" action="Save" isDisabled={name === ''} onDo={save} onCancel={() => setAsked(false)}>
          <label class="field">
            Name
            <input value={name} pattern="[A-Za-z0-9][A-Za-z0-9._\-]*" onInput={(event) => setName(event.currentTarget.value)} />
          </label>
          <p class="hint">
            A baseline of this name is replaced. The history marks the run, to be compared with later ones; the API compares them by{' '}
            <code>/compare?runs=baseline:{name},ID</code>.
          </p>
          {problem !== undefined && <Problem problem={problem} />}
        </AskDialog>
      )}
    </>
  );
}

function reasonAgainst({ entry, result, edits }: RunView): string | undefined {
  if (result?.exploratory !== undefined || entry.isExploratory || edits.length > 0) return 'Edited live: no baseline.';
  const outcome = result?.verdict.outcome ?? entry.outcome;
  return outcome === 'passed' || outcome === 'not-judged' ? undefined : 'Only a run that passed can be one, or one without thresholds.';
}
