import { formatDurationUs } from '../../core/units.ts';
import type { LiveDetail, LiveRequests } from '../../report/live-detail.ts';
import { formatRatio, NO_VALUE } from '../../report/numbers.ts';
import { plainLine } from '../../report/plain-text.ts';
import { cellsOf, clipped, padded } from './cells.ts';
import { fitting, type Room, type Section } from './section.ts';

const COUNT_CELLS = 9;
const FAILED_CELLS = 8;
const TIME_CELLS = 8;
const NUMBER_CELLS = COUNT_CELLS + FAILED_CELLS + TIME_CELLS + 3;

/** A row for each name; when there are more than lines, those that fail and then the busiest. */
export function requestTable({ requests }: LiveDetail, { columns, paint }: Room): Section {
  const labels = labelsOf(requests);
  const labelCells = Math.max(4, Math.min(columns - NUMBER_CELLS, Math.max(8, ...[...labels.values()].map(cellsOf))));
  const row = (label: string, cells: readonly [string, string, string]): [string, string, string, string] => [
    padded(label, labelCells),
    padded(cells[0], COUNT_CELLS, 'right'),
    padded(cells[1], FAILED_CELLS, 'right'),
    padded(cells[2], TIME_CELLS, 'right'),
  ];
  const lineOf = (each: LiveRequests): string => {
    const time = each.p95Us === undefined ? NO_VALUE : formatDurationUs(each.p95Us);
    const [label, count, failed, p95] = row(labels.get(each) ?? '', [String(each.count), failedText(each), time]);
    return `${label} ${count} ${each.failed > 0 ? paint.bad(failed) : failed} ${p95}`;
  };
  const rank = ({ count, failed }: LiveRequests): number => (failed > 0 ? 1e15 : 0) + count;
  return {
    linesMin: requests.length === 0 ? 0 : 2,
    linesMax: requests.length === 0 ? 0 : requests.length + 1,
    render(lines) {
      const { shown, hidden } = fitting(requests, lines - 1, rank);
      const rest = hidden === 0 ? [] : [paint.dim(clipped(`… ${hidden} ${shown.length === 0 ? '' : 'more '}request names`, columns))];
      return [paint.bold(row('request', ['count', 'failed', 'p95']).join(' ')), ...shown.map(lineOf), ...rest];
    },
  };
}

/** Task and name; the method where it tells two apart. */
function labelsOf(requests: readonly LiveRequests[]): Map<LiveRequests, string> {
  const plain = ({ task, name }: LiveRequests): string =>
    [task, name]
      .map(plainLine)
      .filter((part) => part !== '')
      .join(' · ');
  const times = new Map<string, number>();
  for (const each of requests) times.set(plain(each), (times.get(plain(each)) ?? 0) + 1);
  return new Map(
    requests.map((each) => [each, (times.get(plain(each)) ?? 0) > 1 ? `${plain(each)} ${plainLine(each.method)}` : plain(each)]),
  );
}

function failedText({ failed, count }: LiveRequests): string {
  return failed === 0 ? '0%' : formatRatio(failed / count);
}
