import { formatInUnit, formatNumber, formatRatio, shortThreshold } from './page-figures.ts';
import type { ThresholdResult } from './run-json.ts';
import { askedBy, barShareOf, marginOf } from './threshold-text.ts';

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
  /** Filled share of the bar, 0 to 1; undefined: no bar. */
  readonly filled: number | undefined;
}

/** A threshold of a verdict, or of a run that goes on. */
export type TiledThreshold = Pick<ThresholdResult, 'source' | 'expression' | 'outcome' | 'actual' | 'limit' | 'unit'> &
  Partial<Pick<ThresholdResult, 'secondUnit' | 'samples' | 'isThin' | 'isExcused'>> & {
    /** As the run itself says it while it goes on; else it is of `actual` and `limit`. */
    readonly marginRatio?: number;
  };

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
    ...tileNames(threshold),
    ...SIGNS[threshold.outcome],
    figure: formatInUnit(threshold.actual, threshold.unit),
    note: noteOf(threshold, isOver),
    samples:
      samples === undefined ? '' : `${formatNumber(samples)} ${samples === 1 ? 'sample' : 'samples'}${isThin === true ? ', few' : ''}`,
    filled: barShareOf(threshold),
  };
}

/** A threshold of a plan, of which nothing is measured. */
export function plannedTile(planned: { source: string; expression: string }, isOver: boolean): ThresholdTile {
  return {
    ...tileNames(planned),
    ...SIGNS['no-data'],
    figure: formatNumber(null),
    note: isOver ? 'not judged' : 'nothing measured yet',
    samples: '',
    filled: undefined,
  };
}

/** How far on the good side, as a share of the limit; negative: on the other. Undefined where that means nothing. */
export function marginRatioOf(threshold: Omit<TiledThreshold, 'source' | 'outcome' | 'unit'>): number | undefined {
  const { actual, limit, marginRatio } = threshold;
  return marginRatio !== undefined || actual === undefined ? marginRatio : marginOf({ actual, limit }, directionOf(threshold));
}

/** Of a share of seconds more is always better. */
function directionOf({ expression, secondUnit }: Pick<TiledThreshold, 'expression' | 'secondUnit'>) {
  return secondUnit === undefined ? askedBy(expression) : { isFloor: true, isExact: false };
}

function tileNames({ source, expression }: { source: string; expression: string }) {
  const { condition, subject } = askedBy(expression);
  // what is written under its own metric is not named twice
  const isOwn = source === `options.thresholds.${subject}` || source === `options.thresholds[${JSON.stringify(subject)}]`;
  return { key: `${source} ${expression}`, condition, subject, source: isOwn ? '' : shortThreshold(source) };
}

function noteOf(threshold: TiledThreshold, isOver: boolean): string {
  const { outcome, actual, isExcused } = threshold;
  if (isExcused === true) return 'nothing to judge: the script has none';
  if (outcome === 'no-data') return isOver ? 'no data' : 'no data yet';
  if (actual === undefined) return outcome === 'missed' ? 'missed: too many never got an answer in time' : outcome;
  const marginRatio = marginRatioOf(threshold);
  if (marginRatio === undefined || threshold.limit === 0) return outcome;
  const undecided = outcome === 'undecided' ? ', undecided' : '';
  if (marginRatio < 0) {
    const side = directionOf(threshold).isFloor ? 'below' : 'over';
    return `${outcome === 'missed' ? 'missed' : `${side} the limit`} by ${formatRatio(-marginRatio)}${undecided}`;
  }
  const spare = marginRatio >= FACTOR_MIN ? `${formatNumber(marginRatio + 1)} times the limit` : `${formatRatio(marginRatio)} to spare`;
  return `${spare}${undecided}`;
}
