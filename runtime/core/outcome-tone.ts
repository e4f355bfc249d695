import type { Outcome, RunJson } from './run-json.ts';

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

const SIGNS: Readonly<Record<OutcomeTone, string>> = { good: '✓', bad: '✗', unsure: '?', none: '–' };
/** Names of the style sheets. */
const CLASSES: Readonly<Record<OutcomeTone, 'good' | 'bad' | 'warn' | 'none'>> = { good: 'good', bad: 'bad', unsure: 'warn', none: 'none' };

/** How the report and the pages of the UI show an outcome: a sign beside the colour. */
export function outcomeBadge(outcome: Outcome): { sign: string; tone: 'good' | 'bad' | 'warn' | 'none'; name: string } {
  const tone = toneOf(outcome);
  return { sign: SIGNS[tone], tone: CLASSES[tone], name: outcomeName(outcome) };
}

const MEANS: Readonly<Record<Outcome, string>> = {
  passed: 'Passed',
  failed: 'Failed',
  inconclusive: 'Inconclusive: the run says neither that the target passed nor that it failed',
  interrupted: 'Interrupted: the run was stopped before its end',
  aborted: 'Aborted by the script',
  degraded: 'Degraded: part of the planned load was lost',
  error: 'Error: the run could not be done as planned',
  'not-judged': 'Not judged: there was nothing that says whether the run is good',
};

/** The outcome as a sentence's beginning. */
export function outcomeWords({ verdict: { outcome }, generator }: Pick<RunJson, 'verdict' | 'generator'>): string {
  return outcome === 'passed' && generator.saturated === true ? 'Passed, though the load generator was saturated' : MEANS[outcome];
}

/** As {@link outcomeWords}, behind a colon: `Verdict: interrupted: the run was stopped before its end`. */
export function verdictTitle(run: Pick<RunJson, 'verdict' | 'generator'>): string {
  const words = outcomeWords(run);
  return `Verdict: ${words.charAt(0).toLowerCase()}${words.slice(1)}`;
}
