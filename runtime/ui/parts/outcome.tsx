import { outcomeBadge } from '../../core/outcome-tone.ts';
import type { Outcome } from '../../core/run-json.ts';
import type { RunState } from '../../views/api.ts';

/** A verdict in a word, a sign and a colour; of a run without one, its state. */
export function OutcomeBadge({ outcome, state }: { outcome: Outcome | null; state: RunState }) {
  if (outcome !== null) {
    const { sign, tone, name } = outcomeBadge(outcome);
    return (
      <span class={`badge ${tone}`}>
        <span aria-hidden="true">{sign}</span> {name}
      </span>
    );
  }
  const isOver = state === 'ended' || state === 'unknown';
  return (
    <span class={`badge ${isOver ? 'warn' : 'live'}`}>
      <span aria-hidden="true">{isOver ? '?' : '●'}</span> {state === 'unknown' ? 'not reported' : state}
    </span>
  );
}
