import type { RunJson } from './run-json.ts';

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

const TURN = ', but ';
/** The detail of a threshold that has no data and nothing more to say: `p95: no data, limit 1s`. */
const NO_DATA = /^(?:[^:]*: )?no data(?:, limit [^,:;]*)?$/;
const NOTHING_MEASURED = 'nothing was measured that they are about';

/** One order and one wording for the console, the reports and the pages. */
export function verdictPoints({ verdict, thresholds }: Pick<RunJson, 'verdict' | 'thresholds'>): VerdictPoints {
  const openTexts = new Map(
    thresholds
      .filter(({ outcome }) => outcome === 'undecided' || outcome === 'no-data')
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

/** Why a threshold is open, and what is left to say of it alone. */
function openPointOf({ source, expression, outcome, detail }: RunJson['thresholds'][number]): { why: string; text: string } {
  const text = `${source}: ${detail}`;
  const why = whyOf(text);
  if (why !== '') return { why, text: withoutWhy(text) };
  const isBare = outcome === 'no-data' && NO_DATA.test(detail);
  return isBare ? { why: NOTHING_MEASURED, text: source.includes(expression) ? source : `${source}: ${expression}` } : { why, text };
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

/** A result without the reason why it is open: that is said once, with the verdict. */
export function withoutWhy(detail: string): string {
  const at = detail.lastIndexOf(TURN);
  return at < 0 ? detail : detail.slice(0, at);
}

function whyOf(text: string): string {
  const at = text.lastIndexOf(TURN);
  return at < 0 ? '' : text.slice(at + TURN.length);
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
