import type { Outcome } from './run-json.ts';

/** How good an outcome is: a colour and a sign of its own each, the same wherever outcomes are shown. `none`: nothing was judged. */
export type OutcomeTone = 'good' | 'bad' | 'unsure' | 'none';

const TONES: Readonly<Record<Outcome, OutcomeTone>> = {
  passed: 'good',
  failed: 'bad',
  inconclusive: 'unsure',
  interrupted: 'unsure',
  aborted: 'bad',
  degraded: 'unsure',
  error: 'bad',
  'not-judged': 'none',
};

export function toneOf(outcome: Outcome): OutcomeTone {
  return TONES[outcome];
}

/** In words, as badges have it: `not judged`. */
export function outcomeName(outcome: Outcome): string {
  return outcome.replace('-', ' ');
}
