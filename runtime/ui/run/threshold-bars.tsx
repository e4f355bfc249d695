import { askedBy } from '../../core/threshold-text.ts';
import type { LiveThreshold } from '../../server/api.ts';
import { formatInUnit, formatRatio, shortThreshold } from '../format.ts';

const WORDS: Readonly<Record<LiveThreshold['outcome'], { sign: string; tone: string; text: string }>> = {
  met: { sign: '✓', tone: 'good', text: 'met' },
  missed: { sign: '✕', tone: 'bad', text: 'missed' },
  undecided: { sign: '?', tone: 'warn', text: 'undecided' },
  'no-data': { sign: '·', tone: 'none', text: 'no data' },
};
/** The limit stands at this share of the bar, so that a miss has room to show. */
const LIMIT_AT = 70;

/** Each threshold, how far it is from its limit, and whether that is enough. */
export function ThresholdBars({ thresholds, isOver }: { thresholds: readonly LiveThreshold[]; isOver: boolean }) {
  if (thresholds.length === 0)
    return <p class="empty">No thresholds: this run will have no verdict on its figures. Add some to config.yaml or when starting.</p>;
  return (
    <ul class="thresholds" aria-label={isOver ? 'Thresholds' : 'Thresholds so far'}>
      {thresholds.map((threshold) => (
        <ThresholdBar key={`${threshold.source} ${threshold.expression}`} threshold={threshold} />
      ))}
    </ul>
  );
}

function ThresholdBar({ threshold }: { threshold: LiveThreshold }) {
  const { sign, tone, text } = WORDS[threshold.outcome];
  const filled = barOf(threshold);
  return (
    <li class={tone}>
      <span class="threshold-name" title={`${threshold.source}: ${threshold.expression}`}>
        <b class={`${tone}-text`}>
          <span aria-hidden="true">{sign}</span> <span class="unseen">{text}:</span>
        </b>{' '}
        {shortThreshold(threshold.source)}
      </span>
      <span class="threshold-figures">
        <b>{formatInUnit(threshold.actual, threshold.unit)}</b>{' '}
        <span class="muted">of {formatInUnit(threshold.limit, threshold.unit)}</span>
      </span>
      <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect class="bar-all" width="100" height="6" />
        {filled !== undefined && <rect class="bar-filled" width={filled} height="6" />}
        <rect class="bar-limit" x={LIMIT_AT} width="0.6" height="6" />
      </svg>
      <span class="threshold-margin">{marginText(threshold)}</span>
    </li>
  );
}

/** Width of 0 to 100: the value beside its limit. What must be at least so much is good when it reaches beyond the limit's place. */
function barOf({ marginRatio, expression }: LiveThreshold): number | undefined {
  if (marginRatio === undefined) return undefined;
  const ratio = askedBy(expression).isFloor ? 1 + marginRatio : 1 - marginRatio;
  return Math.min(100, Math.max(1, ratio * LIMIT_AT));
}

function marginText({ marginRatio, outcome, actual, limit }: LiveThreshold): string {
  if (outcome === 'no-data' || actual === undefined) return 'no data yet';
  if (marginRatio === undefined || limit === 0) return outcome === 'met' ? 'met' : outcome;
  if (marginRatio < 0) return `missed by ${formatRatio(-marginRatio)}`;
  return `${formatRatio(marginRatio)} to spare${outcome === 'undecided' ? ', undecided' : ''}`;
}
