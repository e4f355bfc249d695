import { formatInUnit, formatNumber, formatRatio, shortThreshold } from './page-figures.ts';
import type { ThresholdWords } from './plan.ts';
import type { ThresholdResult } from './run-json.ts';
import { isFloorOf, marginRatioOf } from './threshold-asked.ts';

/** A threshold as the report and the pages of the UI show it: by what it asks. */
export interface ThresholdTile {
  readonly key: string;
  /** `p(95)<2s`. */
  readonly condition: string;
  /** metric and tags, `checks{task:health}`. */
  readonly subject: string;
  /** `max_p95`: where it is written; empty where the subject says it. */
  readonly source: string;
  /** Of the style sheets. */
  readonly tone: 'good' | 'bad' | 'warn' | 'none';
  readonly sign: string;
  /** What the sign says, for those who do not see it. */
  readonly word: string;
  /** What was measured; a dash without data. */
  readonly figure: string;
  /** How far it is from its limit, or why nobody knows. */
  readonly note: string;
  /** What it was judged on: `2,163 samples`; empty where that is not known. */
  readonly samples: string;
  /** Where it lies with 95 %, and what would tell it from its limit: `95 %: 45ms to 60ms, 1,200 were enough`; empty where that is not known. */
  readonly chance: string;
  /** Filled share of the bar, 0 to 1; undefined: no bar. */
  readonly filled: number | undefined;
}

/** A threshold of a verdict, or of a run that goes on. */
export type TiledThreshold = Pick<ThresholdResult, 'source' | 'asked' | 'outcome' | 'actual' | 'limit' | 'unit'> &
  Partial<Pick<ThresholdResult, 'samples' | 'isThin' | 'isExcused' | 'interval' | 'isWeak' | 'samplesNeeded' | 'secondsNeeded'>>;

const SIGNS: Readonly<Record<ThresholdResult['outcome'], Pick<ThresholdTile, 'sign' | 'tone' | 'word'>>> = {
  met: { sign: '✓', tone: 'good', word: 'met' },
  missed: { sign: '✗', tone: 'bad', word: 'missed' },
  undecided: { sign: '?', tone: 'warn', word: 'undecided' },
  'no-data': { sign: '·', tone: 'none', word: 'no data' },
};

/** Past these times the limit a share in percent says less than the factor. */
const FACTOR_MIN = 10;

/** @param isOver - nothing more comes */
export function tileOf(threshold: TiledThreshold, isOver: boolean): ThresholdTile {
  const { samples, isThin } = threshold;
  return {
    ...tileNames(threshold.source, threshold.asked),
    ...SIGNS[threshold.outcome],
    figure: formatInUnit(threshold.actual, threshold.unit),
    note: noteOf(threshold, isOver),
    samples:
      samples === undefined ? '' : `${formatNumber(samples)} ${samples === 1 ? 'sample' : 'samples'}${isThin === true ? ', few' : ''}`,
    chance: chanceOf(threshold),
    filled: barShareOf(threshold),
  };
}

/** `95 %: 45ms to 60ms`, with what would tell a weak result from its limit; empty where nothing is known of it. */
export function chanceOf({
  interval,
  unit,
  isWeak,
  samplesNeeded,
  secondsNeeded,
}: Pick<ThresholdResult, 'unit' | 'interval' | 'isWeak' | 'samplesNeeded' | 'secondsNeeded'>): string {
  if (interval === undefined) return '';
  const { low, high, effectiveSamples } = interval;
  const worth = effectiveSamples === undefined ? '' : `, worth ${formatNumber(effectiveSamples)} independent samples`;
  const amount =
    samplesNeeded !== undefined
      ? formatNumber(samplesNeeded)
      : secondsNeeded === undefined
        ? undefined
        : `${formatNumber(secondsNeeded)} s`;
  const needed = amount === undefined ? '' : isWeak === true ? `, ${amount} needed` : `, ${amount} were enough`;
  return `${isWeak === true ? 'weak, ' : ''}95 %: ${endText(low, unit)} to ${endText(high, unit)}${worth}${needed}`;
}

function endText(value: number | null, unit: string): string {
  return value === null ? '?' : formatInUnit(value, unit);
}

/** A threshold of a plan, of which nothing is measured. */
export function plannedTile({ source, ...words }: { source: string } & ThresholdWords, isOver: boolean): ThresholdTile {
  return {
    ...tileNames(source, words),
    ...SIGNS['no-data'],
    figure: formatNumber(null),
    note: isOver ? 'not judged' : 'nothing measured yet',
    samples: '',
    chance: '',
    filled: undefined,
  };
}

function tileNames(source: string, { condition, subject }: ThresholdWords) {
  return { key: `${source} ${subject}: ${condition}`, condition, subject, source: shortThreshold(placeOf(source, subject)) };
}

/** Where a threshold is written, without the metric that it is written under: that is not named twice. */
function placeOf(source: string, subject: string): string {
  const own = [`.${subject}`, `[${JSON.stringify(subject)}]`].find((end) => source.endsWith(end));
  const place = own === undefined ? source : source.slice(0, -own.length);
  return place === 'options.thresholds' || place === 'thresholds' ? '' : place;
}

function noteOf(threshold: TiledThreshold, isOver: boolean): string {
  const { outcome, actual, isExcused } = threshold;
  if (isExcused === true) return 'nothing to judge: the script has none';
  if (outcome === 'no-data') return isOver ? 'no data' : 'no data yet';
  if (actual === undefined) return outcome === 'missed' ? 'missed: too many never got an answer in time' : outcome;
  const marginRatio = marginRatioOf(threshold);
  if (marginRatio === undefined) return outcome;
  const undecided = outcome === 'undecided' ? ', undecided' : '';
  if (marginRatio < 0) {
    const side = isFloorOf(threshold.asked) ? 'below' : 'over';
    return `${outcome === 'missed' ? 'missed' : `${side} the limit`} by ${formatRatio(-marginRatio)}${undecided}`;
  }
  const spare = marginRatio >= FACTOR_MIN ? `${formatNumber(marginRatio + 1)} times the limit` : `${formatRatio(marginRatio)} to spare`;
  return `${spare}${undecided}`;
}

/** Where the limit stands on the bar of a threshold, 0 to 1: a miss has room to show. */
export const LIMIT_SHARE = 0.7;

/** How much of its bar a threshold's value fills, 0 to 1; undefined where a bar means nothing. */
function barShareOf({ actual, limit }: { actual?: number; limit: number }): number | undefined {
  if (actual === undefined || limit <= 0 || !Number.isFinite(actual)) return undefined;
  return Math.min(1, Math.max(0.01, (actual / limit) * LIMIT_SHARE));
}
