import { askedBy, barShareOf } from '../../core/threshold-text.ts';
import type { LiveThreshold, RunView } from '../../server/api.ts';
import { formatInUnit, formatNumber, formatRatio, shortThreshold } from '../format.ts';
import { stateOf } from './run-figures.ts';

/** A threshold as the page shows it: by what it asks. */
export interface ThresholdTile {
  readonly key: string;
  /** `p(95)<2s`. */
  readonly condition: string;
  /** metric and tags, `checks{task:health}`. */
  readonly subject: string;
  /** `max_p95`: where it is written; empty where the subject says it. */
  readonly source: string;
  readonly outcome: LiveThreshold['outcome'];
  /** What was measured; a dash without data. */
  readonly figure: string;
  /** How far it is from its limit, or why nobody knows. */
  readonly note: string;
  /** Filled share of the bar, 0 to 1; undefined: no bar. */
  readonly filled: number | undefined;
}

/** Past these times the limit a share in percent says less than the factor. */
const FACTOR_MIN = 10;

/** Thresholds of a run that starts, goes on or is over, in the order of the plan. */
export function tilesOf(view: RunView): ThresholdTile[] {
  const { thresholds } = stateOf(view);
  const isOver = view.state === 'ended' || view.state === 'unknown';
  if (thresholds.length > 0) return thresholds.map((threshold) => tileOf(threshold, isOver));
  return (view.plan?.thresholds ?? []).map((planned) => ({
    ...namesOf(planned),
    outcome: 'no-data',
    figure: formatNumber(null),
    note: isOver ? 'not judged' : 'nothing measured yet',
    filled: undefined,
  }));
}

export function tileOf(threshold: LiveThreshold, isOver: boolean): ThresholdTile {
  return {
    ...namesOf(threshold),
    outcome: threshold.outcome,
    figure: formatInUnit(threshold.actual, threshold.unit),
    note: noteOf(threshold, isOver),
    filled: barShareOf(threshold),
  };
}

function namesOf({ source, expression }: { source: string; expression: string }) {
  const { condition, subject } = askedBy(expression);
  // what is written under its own metric is not named twice
  const isOwn = source === `options.thresholds.${subject}` || source === `options.thresholds[${JSON.stringify(subject)}]`;
  return { key: `${source} ${expression}`, condition, subject, source: isOwn ? '' : shortThreshold(source) };
}

function noteOf({ outcome, actual, limit, marginRatio }: LiveThreshold, isOver: boolean): string {
  if (outcome === 'no-data') return isOver ? 'no data' : 'no data yet';
  if (actual === undefined) return outcome === 'missed' ? 'missed: too many never got an answer in time' : outcome;
  if (marginRatio === undefined || limit === 0) return outcome;
  const undecided = outcome === 'undecided' ? ', undecided' : '';
  if (marginRatio < 0) return `${outcome === 'missed' ? 'missed' : 'over the limit'} by ${formatRatio(-marginRatio)}${undecided}`;
  const spare = marginRatio >= FACTOR_MIN ? `${formatNumber(marginRatio + 1)} times the limit` : `${formatRatio(marginRatio)} to spare`;
  return `${spare}${undecided}`;
}
