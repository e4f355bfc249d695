import { formatNumber, formatRatio, NONE } from '../../core/page-figures.ts';
import { formatDurationUs } from '../../core/units.ts';
import type { LiveDetail, LiveRequests } from '../../report/live-detail.ts';
import { plainLine } from '../../report/plain-text.ts';
import { cellsOf, clipped, padded } from './cells.ts';
import { fitting, type Room, type Section } from './section.ts';

/** With the heading: two names and what tells of the rest. */
const LINES_MIN = 4;
const COUNT_CELLS = 8;
const FAILED_CELLS = 7;
const TIME_CELLS = 7;
const NUMBER_CELLS = COUNT_CELLS + FAILED_CELLS + TIME_CELLS + 3;

/** A row for each name; when there are more than lines, those that fail and then the busiest. */
export function requestTable({ requests }: LiveDetail, { columns, paint }: Room): Section {
  const labelCellsMax = Math.max(4, columns - NUMBER_CELLS);
  const labels = labelsOf(requests, labelCellsMax);
  const labelCells = Math.min(labelCellsMax, Math.max(8, ...[...labels.values()].map(cellsOf)));
  const row = (label: string, cells: readonly [string, string, string]): [string, string, string, string] => [
    padded(label, labelCells),
    padded(cells[0], COUNT_CELLS, 'right'),
    padded(cells[1], FAILED_CELLS, 'right'),
    padded(cells[2], TIME_CELLS, 'right'),
  ];
  const lineOf = (each: LiveRequests): string => {
    const time = each.p95Us === undefined ? NONE : formatDurationUs(each.p95Us);
    const [label, count, failed, p95] = row(labels.get(each) ?? '', [formatNumber(each.count), failedText(each), time]);
    return `${label} ${count} ${each.failed > 0 ? paint.bad(failed) : failed} ${p95}`;
  };
  const rank = ({ count, failed }: LiveRequests): number => (failed > 0 ? 1e15 : 0) + count;
  return {
    linesMin: requests.length === 0 ? 0 : Math.min(LINES_MIN, requests.length + 1),
    linesMax: requests.length === 0 ? 0 : requests.length + 1,
    render(lines) {
      const { shown, hidden } = fitting(requests, lines - 1, rank);
      const rest = hidden === 0 ? [] : [paint.dim(clipped(`… ${hidden} ${shown.length === 0 ? '' : 'more '}request names`, columns))];
      return [paint.bold(row('request', ['count', 'failed', 'p95']).join(' ')), ...shown.map(lineOf), ...rest];
    },
  };
}

/** Task and name, and the method where it tells two apart; where that is too long, what of it tells enough. */
function labelsOf(requests: readonly LiveRequests[], cellsMax: number): Map<LiveRequests, string> {
  const shared = ({ task, name }: LiveRequests): string => [task, name].filter((part) => part !== '').join(' · ');
  const sameName = countsOf(requests.map(shared));
  const sameTask = countsOf(requests.map(({ task }) => task));
  const labelOf = (each: LiveRequests): string => {
    const { task, name, method } = each;
    const needsMethod = (sameName.get(shared(each)) ?? 0) > 1;
    const withMethod = (text: string): string => plainLine(needsMethod ? `${text} ${method}` : text);
    const full = withMethod(shared(each));
    if (cellsOf(full) <= cellsMax || task === '') return full;
    return sameTask.get(task) === 1 ? plainLine(task) : withMethod(name);
  };
  return new Map(requests.map((each) => [each, labelOf(each)]));
}

function countsOf(texts: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}

function failedText({ failed, count }: LiveRequests): string {
  return formatRatio(failed === 0 ? 0 : failed / count);
}
