import { type OutcomeTone, outcomeName, toneOf } from '../../core/outcome-tone.ts';
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
  'not-judged': '–',
};
/** Names of the style sheet. */
const CLASSES: Readonly<Record<OutcomeTone, string>> = { good: 'good', bad: 'bad', unsure: 'warn', none: 'none' };

/** A verdict in a word, a sign and a colour; of a run without one, its state. */
export function OutcomeBadge({ outcome, state }: { outcome: Outcome | null; state: RunState }) {
  if (outcome !== null)
    return (
      <span class={`badge ${CLASSES[toneOf(outcome)]}`}>
        <span aria-hidden="true">{SIGNS[outcome]}</span> {outcomeName(outcome)}
      </span>
    );
  const isOver = state === 'ended' || state === 'unknown';
  return (
    <span class={`badge ${isOver ? 'warn' : 'live'}`}>
      <span aria-hidden="true">{isOver ? '?' : '●'}</span> {state === 'unknown' ? 'not reported' : state}
    </span>
  );
}
