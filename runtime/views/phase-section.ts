import { formatMs, formatNumber } from '../core/page-figures.ts';
import type { RequestDetail, RequestPhase } from '../core/request-detail.ts';
import { serverRows } from '../core/request-figures.ts';
import { SENDING_ENDS } from '../core/roles.ts';
import type { RequestRow } from '../core/run-json.ts';
import { requestCell } from './beside-sections.ts';
import type { Block, RunSection } from './run-section.ts';
import type { ShownRun } from './shown-run.ts';
import { numberColumns, type TableColumn, tableModel } from './table-model.ts';

/** Where the time of a hop goes, in order. */
export const PHASES: readonly (readonly [RequestPhase, words: string])[] = [
  ['blocked', 'waiting for a connection'],
  ['connecting', 'connecting'],
  ['tls', 'TLS'],
  ['sending', 'sending'],
  ['waiting', 'waiting for the answer'],
  ['receiving', 'receiving'],
];

/** Parts of a bar that is 100 wide; none where no time was taken. @param times - of {@link PHASES}, in their order */
export function phaseParts(times: readonly number[]): { phase: RequestPhase; x: number; width: number }[] {
  const total = times.reduce((sum, time) => sum + time, 0);
  if (total <= 0) return [];
  let x = 0;
  return PHASES.map(([phase], i) => {
    const [from, width] = [x, ((times[i] ?? 0) / total) * 100];
    x += width;
    return { phase, x: from, width };
  });
}

/** Where the time of a request goes: the phases of its hops, and what the server said of its own parts. */
export function phaseSection({ details = [] }: ShownRun): RunSection {
  const rows = details.filter(({ phasesMs }) => phasesMs !== null);
  const seen = PHASES.filter(([phase]) => rows.some(({ phasesMs }) => (phasesMs?.[phase].max ?? 0) > 0));
  const blocks: Block[] =
    rows.length === 0
      ? []
      : [
          { kind: 'words', text: `Of an expected answer on average; each redirect counts for itself. ${SENDING_ENDS}` },
          { kind: 'phases', phases: seen },
          { kind: 'table', table: tableModel('Phases', phaseColumns(seen), rows) },
          ...serverBlocks(details),
        ];
  return { id: 'phases', title: 'Where the time goes', tab: 'requests', blocks };
}

const WHO_COLUMNS: readonly TableColumn<Pick<RequestRow, 'task' | 'method' | 'name'>>[] = [
  { title: 'Task', cell: ({ task }) => task },
  { title: 'Request', isHead: true, cell: requestCell, sortBy: ({ name }) => name },
];

/** Phases that no request went through (TLS on a plain connection) have no column. */
function phaseColumns(seen: typeof PHASES): TableColumn<RequestDetail>[] {
  return [
    ...WHO_COLUMNS,
    { title: 'On average', cell: ({ phasesMs }) => ({ phases: PHASES.map(([phase]) => phasesMs?.[phase].avg ?? 0) }) },
    ...seen.map(
      ([phase]): TableColumn<RequestDetail> => ({
        title: phase,
        about: 'average, and p95',
        isNumber: true,
        cell: ({ phasesMs }) => [
          formatMs(phasesMs?.[phase].avg),
          { text: `p95 ${formatMs(phasesMs?.[phase].p95)}`, looks: 'muted', isOnNewLine: true },
        ],
        sortBy: ({ phasesMs }) => phasesMs?.[phase].avg ?? 0,
      }),
    ),
  ];
}

type ServerRow = RequestDetail['serverMs'][number] & Pick<RequestRow, 'task' | 'method' | 'name'>;

const SERVER_COLUMNS: readonly TableColumn<ServerRow>[] = [
  ...WHO_COLUMNS,
  { title: 'Part', cell: ({ part }) => part },
  ...numberColumns<ServerRow>([
    ['Answers', ({ count }) => formatNumber(count), ({ count }) => count],
    ['Average', ({ avg }) => formatMs(avg), ({ avg }) => avg],
    ['p95', ({ p95 }) => formatMs(p95), ({ p95 }) => p95],
    ['Max', ({ max }) => formatMs(max), ({ max }) => max],
  ]),
];

function serverBlocks(details: readonly RequestDetail[]): Block[] {
  const rows = serverRows(details).flatMap(({ task, method, name, serverMs }) =>
    serverMs.map((part): ServerRow => ({ task, method, name, ...part })),
  );
  if (rows.length === 0) return [];
  return [
    { kind: 'heading', text: 'What the server says of its parts' },
    { kind: 'table', table: tableModel('Server timings', SERVER_COLUMNS, rows) },
  ];
}
