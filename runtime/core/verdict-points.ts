import type { RunJson, ThresholdResult } from './run-json.ts';

/** Results of thresholds that nothing was decided about, and why, said once for all of them. */
export interface OpenPoints {
  /** `the load generator was saturated`; empty: each text says it for itself. */
  readonly why: string;
  readonly texts: readonly string[];
}

/** The reasons of a verdict as people read them: what was decided first, then what was left open. */
export interface VerdictPoints {
  readonly decided: readonly string[];
  readonly open: readonly OpenPoints[];
}

/** One order and one wording for the console, the reports and the pages. */
export function verdictPoints({ verdict, thresholds }: Pick<RunJson, 'verdict' | 'thresholds'>): VerdictPoints {
  // one that was met stands among the reasons only in files of older versions, where too few samples leave it open
  const openTexts = new Map(
    thresholds
      .filter(({ outcome, isThin }) => outcome === 'undecided' || outcome === 'no-data' || (outcome === 'met' && isThin === true))
      .map((threshold) => [`${threshold.source}: ${threshold.detail}`, openPointOf(threshold)]),
  );
  const groups = new Map<string, string[]>();
  for (const reason of verdict.reasons) {
    const point = openTexts.get(reason);
    if (point !== undefined) groups.set(point.why, [...(groups.get(point.why) ?? []), point.text]);
  }
  return {
    decided: verdict.reasons.filter((reason) => !openTexts.has(reason)),
    open: [...groups].map(([why, texts]) => ({ why, texts })),
  };
}

const STRICT_WHY = '--strict asks for more samples of a percentile than there were';

/** Why a threshold is open, and what is left to say of it alone. */
function openPointOf(threshold: ThresholdResult): { why: string; text: string } {
  const { source, expression, outcome, detail, because } = threshold;
  if (outcome === 'met') return { why: STRICT_WHY, text: `${source}: ${detail}` };
  if (because === undefined) return { why: '', text: `${source}: ${detail}` };
  if (outcome === 'undecided') return { why: because, text: `${source}: ${withoutWhy(threshold)}` };
  return { why: because, text: source.includes(expression) ? source : `${source}: ${expression}` };
}

/** The same as lines; those under a heading are `isPart`. */
export function verdictLines(run: Pick<RunJson, 'verdict' | 'thresholds'>): { text: string; isPart: boolean }[] {
  const { decided, open } = verdictPoints(run);
  return [
    ...decided.map((text) => ({ text, isPart: false })),
    ...open.flatMap(({ why, texts }) => [
      { text: why === '' ? 'Left open:' : `Left open, because ${why}:`, isPart: false },
      ...texts.map((text) => ({ text, isPart: true })),
    ]),
  ];
}

/** Why some are undecided although there are values, each reason once. */
export function openReasonsOf(thresholds: readonly { readonly because?: string }[]): string[] {
  return [...new Set(thresholds.flatMap(({ because }) => because ?? []))];
}

/** What is left undecided, and why. */
export function leftOpen(detail: string, because: string): Pick<ThresholdResult, 'outcome' | 'detail' | 'because'> {
  return { outcome: 'undecided', detail: `${detail}${turnTo(because)}`, because };
}

/** A result without the reason why it was left undecided: that is said once, with the verdict. */
export function withoutWhy({ outcome, detail, because }: Pick<ThresholdResult, 'outcome' | 'detail' | 'because'>): string {
  return outcome === 'undecided' && because !== undefined && detail.endsWith(turnTo(because))
    ? detail.slice(0, -turnTo(because).length)
    : detail;
}

function turnTo(because: string): string {
  return `, but ${because}`;
}

/** What a saturated generator means for a run that passed; empty in all other cases. */
export function saturationWords({ verdict, generator }: Pick<RunJson, 'verdict' | 'generator'>): string {
  if (generator.saturated !== true || verdict.outcome !== 'passed') return '';
  return 'The load generator was saturated, and what was met counts in spite of it: its stalls can only have made the times longer.';
}

/** A reason and the lines of code it points at; `frame` is empty without any. Its lines must stay lines, or the sign below them points at nothing. */
export function reasonParts(text: string): { words: string; frame: string } {
  const at = text.indexOf('\n');
  return at < 0 ? { words: text, frame: '' } : { words: text.slice(0, at).trimEnd(), frame: text.slice(at + 1).trimEnd() };
}
