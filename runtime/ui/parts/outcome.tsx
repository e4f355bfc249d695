import type { Outcome } from '../../core/run-json.ts';
import type { RunState } from '../../server/api.ts';

const SIGNS: Readonly<Record<Outcome, string>> = {
  passed: '✓',
  failed: '✕',
  inconclusive: '?',
  interrupted: '■',
  aborted: '■',
  degraded: '!',
  error: '!',
};
const TONES: Readonly<Record<Outcome, string>> = {
  passed: 'good',
  failed: 'bad',
  inconclusive: 'warn',
  interrupted: 'warn',
  aborted: 'bad',
  degraded: 'warn',
  error: 'bad',
};

/** A verdict in a word, a sign and a colour; of a run without one, its state. */
export function OutcomeBadge({ outcome, state }: { outcome: Outcome | null; state: RunState }) {
  if (outcome !== null)
    return (
      <span class={`badge ${TONES[outcome]}`}>
        <span aria-hidden="true">{SIGNS[outcome]}</span> {outcome}
      </span>
    );
  const isOver = state === 'ended' || state === 'unknown';
  return (
    <span class={`badge ${isOver ? 'warn' : 'live'}`}>
      <span aria-hidden="true">{isOver ? '?' : '●'}</span> {state === 'unknown' ? 'not reported' : state}
    </span>
  );
}
