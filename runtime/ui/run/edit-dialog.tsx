import { useState } from 'preact/hooks';
import type { EditForm, LiveState, RunView } from '../../views/api.ts';
import { type ApiProblem, ask, asProblem } from '../api-client.ts';
import { AskDialog } from '../parts/ask-dialog.tsx';
import { Problem } from '../parts/problem.tsx';

type Load = LiveState['load'][number];

/** Users or rate of each scenario, as they are now and as they shall be. */
export function EditDialog({ view, onClose }: { view: RunView; onClose(): void }) {
  // as it was when it opened: figures do not move under the fingers
  const [loads] = useState<readonly Load[]>(view.live?.load ?? []);
  const [values, setValues] = useState<readonly string[]>(() => loads.map((load) => String(amountOf(load))));
  const [problem, setProblem] = useState<ApiProblem>();
  const [isBusy, setBusy] = useState(false);
  const changes = loads.flatMap((load, i): EditForm[] => {
    const value = Number(values[i]);
    if (values[i] === '' || !Number.isFinite(value) || value === amountOf(load)) return [];
    return [
      { ...(loads.length === 1 ? {} : { scenario: load.scenario }), ...(load.model === 'open' ? { rate: value } : { users: value }) },
    ];
  });
  const apply = async (): Promise<void> => {
    setBusy(true);
    try {
      for (const change of changes) await ask('post /runs/{id}/edit', { id: 'current', body: change });
      onClose();
    } catch (error) {
      setProblem(asProblem(error));
      setBusy(false);
    }
  };
  return (
    <AskDialog
      title="Edit the load"
      action="Apply"
      isDisabled={changes.length === 0 || isBusy}
      onDo={() => void apply()}
      onCancel={onClose}
    >
      {loads.map((load, i) => (
        <label key={load.scenario} class="field">
          {load.model === 'open' ? 'Starts a second' : 'Users'}
          {loads.length > 1 && ` of ${load.scenario}`} <span class="muted">now {amountOf(load)}</span>
          <input
            type="number"
            min="0"
            step={load.model === 'open' ? 'any' : '1'}
            value={values[i]}
            onInput={(event) => setValues(values.map((value, at) => (at === i ? event.currentTarget.value : value)))}
          />
        </label>
      ))}
      <p class="hint">
        It takes effect within a second, and stands as a line in the charts. An edited run is exploratory: it is judged by stretch between
        edits and cannot become a baseline.
      </p>
      {problem !== undefined && <Problem problem={problem} />}
    </AskDialog>
  );
}

function amountOf(load: Load): number {
  return load.model === 'open' ? (load.rate ?? 0) : load.users;
}
