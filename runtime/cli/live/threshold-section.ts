import { formatInUnit } from '../../core/page-figures.ts';
import type { LiveThreshold } from '../../core/run-json.ts';
import { openReasonsOf } from '../../core/verdict-points.ts';
import type { LiveDetail } from '../../report/live-detail.ts';
import type { Paint } from '../../report/paint.ts';
import { plainLine } from '../../report/plain-text.ts';
import { cellsOf, clipped, clippedInside, joined, padded } from './cells.ts';
import { fitting, type Room, type Section } from './section.ts';

const VALUE_CELLS_MAX = 22;
const RANKS: Readonly<Record<LiveThreshold['outcome'], number>> = { missed: 3, undecided: 2, 'no-data': 1, met: 0 };
const WORDS: readonly [LiveThreshold['outcome'], string][] = [
  ['missed', 'missed'],
  ['undecided', 'undecided'],
  ['no-data', 'without data'],
  ['met', 'met'],
];

/** Where each threshold stands; on a single line, how many of them stand where. */
export function thresholdSection({ thresholds }: LiveDetail, { columns, paint }: Room): Section {
  const values = new Map(
    thresholds.map((each) => [each, `${formatInUnit(each.actual, each.unit)} / ${formatInUnit(each.limit, each.unit)}`]),
  );
  const valueCells = Math.min(VALUE_CELLS_MAX, Math.max(0, ...[...values.values()].map(cellsOf)));
  const names = new Map(thresholds.map((each) => [each, plainLine(each.expression)]));
  const nameCells = Math.max(4, Math.min(columns - valueCells - 4, Math.max(0, ...[...names.values()].map(cellsOf))));
  const lineOf = (each: LiveThreshold): string => {
    const color = colorOf(each.outcome, paint);
    const value = padded(values.get(each) ?? '', valueCells, 'right');
    return `${color(symbolOf(each.outcome))} ${padded(clippedInside(names.get(each) ?? '', nameCells), nameCells)}  ${color(value)}`;
  };
  const reasons = openReasonsOf(thresholds).map((because) => paint.dim(clipped(`  undecided so far: ${plainLine(because)}`, columns)));
  return {
    linesMin: thresholds.length === 0 ? 0 : 1,
    linesMax: thresholds.length === 0 ? 0 : thresholds.length + 1 + reasons.length,
    render(lines) {
      const heading = headingOf(thresholds, { columns, paint });
      const told = lines > 1 + reasons.length ? reasons : [];
      const { shown, hidden } = fitting(thresholds, lines - 1 - told.length, ({ outcome }) => RANKS[outcome]);
      if (shown.length === 0) return [heading];
      return [heading, ...shown.map(lineOf), ...(hidden === 0 ? [] : [paint.dim(clipped(`… ${hidden} more`, columns))]), ...told];
    },
  };
}

function headingOf(thresholds: readonly LiveThreshold[], { columns, paint }: Room): string {
  const counts = WORDS.map(([outcome, word]) => {
    const count = thresholds.filter((each) => each.outcome === outcome).length;
    return { text: count === 0 ? '' : `${count} ${word}`, paint: colorOf(outcome, paint) };
  });
  return joined([{ text: 'thresholds', paint: paint.bold }, ...counts], columns);
}

function symbolOf(outcome: LiveThreshold['outcome']): string {
  return outcome === 'met' ? '✓' : outcome === 'missed' ? '✗' : '?';
}

function colorOf(outcome: LiveThreshold['outcome'], paint: Paint): (text: string) => string {
  return outcome === 'met' ? paint.good : outcome === 'missed' ? paint.bad : paint.unsure;
}
