import { useState } from 'preact/hooks';
import type { RunView } from '../../views/api.ts';
import { type ApiProblem, ask, asProblem } from '../api-client.ts';
import { AskDialog } from '../parts/ask-dialog.tsx';
import { Problem } from '../parts/problem.tsx';
import { EditDialog } from './edit-dialog.tsx';

type Asked = 'edit' | 'stop' | 'abort' | undefined;

/** Edit the load, stop, abort: each asked about first. */
export function RunControls({ view }: { view: RunView }) {
  const [asked, setAsked] = useState<Asked>();
  const [problem, setProblem] = useState<ApiProblem>();
  const close = (): void => {
    setAsked(undefined);
    setProblem(undefined);
  };
  const stop = (how: 'graceful' | 'now'): void =>
    void ask('post /runs/{id}/stop', { id: 'current', body: { how } }).then(close, (error: unknown) => setProblem(asProblem(error)));
  const isStopping = view.state === 'stopping';
  return (
    <>
      <button type="button" onClick={() => setAsked('edit')} disabled={isStopping || (view.live?.load.length ?? 0) === 0}>
        Edit load
      </button>
      <button type="button" onClick={() => setAsked('stop')} disabled={isStopping}>
        {isStopping ? 'Stopping …' : 'Stop'}
      </button>
      <button type="button" class="danger" onClick={() => setAsked('abort')}>
        Abort
      </button>
      {asked === 'edit' && <EditDialog view={view} onClose={close} />}
      {asked === 'stop' && (
        <AskDialog title="Stop this run?" action="Stop gracefully" onDo={() => stop('graceful')} onCancel={close}>
          <p>No new iterations begin; those under way may end. The run is reported, with the outcome “interrupted”.</p>
          {problem !== undefined && <Problem problem={problem} />}
        </AskDialog>
      )}
      {asked === 'abort' && (
        <AskDialog title="Abort this run?" action="Abort now" isDangerous onDo={() => stop('now')} onCancel={close}>
          <p>Requests under way are cut off at once. What was measured so far is still reported.</p>
          {problem !== undefined && <Problem problem={problem} />}
        </AskDialog>
      )}
    </>
  );
}
