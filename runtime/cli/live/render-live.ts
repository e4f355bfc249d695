import { type Paint, paintOf } from '../../report/paint.ts';
import { type ProgressState, renderProgress } from '../../report/progress.ts';
import { generatorSection } from './generator-section.ts';
import { scenarioSection, timeSection, titleSection } from './header-section.ts';
import { requestTable } from './request-table.ts';
import { allotted, type Section } from './section.ts';
import { thresholdSection } from './threshold-section.ts';
import { trendSection } from './trend-section.ts';

/** Where a live view is drawn. */
export interface LiveArea {
  readonly columns: number;
  readonly rows: number;
  readonly isColor: boolean;
}

/** Less than this is one line's work. */
const COLUMNS_MIN = 36;
const ROWS_MIN = 5;

/**
 * A run as it stands, in lines that are shorter than the terminal is wide, and fewer than it is high: the cursor has a line of its own. What matters least
 * goes first. A terminal that is too small for it gets the one line.
 */
export function renderLive(state: ProgressState, { columns, rows, isColor }: LiveArea): string[] {
  const { detail } = state;
  if (detail === undefined || columns < COLUMNS_MIN || rows < ROWS_MIN) return [renderProgress(state, columns)];
  const paint: Paint = paintOf(isColor);
  const room = { columns: columns - 1, paint };
  const [title, time, scenarios] = [titleSection(detail, room), timeSection(state, detail, room), scenarioSection(detail, room)];
  const [trends, requests] = [trendSection(detail, room), requestTable(detail, room)];
  const [thresholds, generator] = [thresholdSection(detail, room), generatorSection(detail, room)];
  const blocks: readonly Section[][] = [[title, time, scenarios], [trends], [requests], [thresholds], [generator]];
  const byUrgency = [time, thresholds, generator, trends, requests, title, scenarios];
  const given = allotted(byUrgency, rows - 1);
  const linesOf = (section: Section): string[] => {
    const lines = given.get(section) ?? 0;
    return lines === 0 ? [] : section.render(lines);
  };
  const drawn = blocks.map((block) => block.flatMap(linesOf)).filter((lines) => lines.length > 0);
  return spaced(drawn, rows - 1);
}

/** The blocks with blank lines between them, as far as there is room. */
function spaced(blocks: readonly string[][], linesMax: number): string[] {
  let blanks = linesMax - blocks.flat().length;
  return blocks.flatMap((lines, i) => (i > 0 && blanks-- > 0 ? ['', ...lines] : lines));
}
