import { formatMs, formatNumber, formatRatio } from '../core/page-figures.ts';
import type { Latency } from '../core/run-json.ts';
import { type GapRow, gapRows, type StreamRow } from '../core/stream-row.ts';
import { badCount, requestCell } from './beside-sections.ts';
import type { RunSection } from './run-section.ts';
import type { ShownRun } from './shown-run.ts';
import { type Content, numberColumns, type TableColumn, tableModel } from './table-model.ts';

type Who = Pick<StreamRow, 'task' | 'method' | 'name'>;

const WHO_COLUMNS: readonly TableColumn<Who>[] = [
  { title: 'Task', cell: ({ task }) => task },
  { title: 'Request', isHead: true, cell: requestCell, sortBy: ({ name }) => name },
];

const STREAM_COLUMNS: readonly TableColumn<StreamRow>[] = [
  ...WHO_COLUMNS,
  ...numberColumns<StreamRow>([
    ['Streams', ({ streams }) => formatNumber(streams), ({ streams }) => streams],
    ['Broken off', ({ brokenOff }) => badCount(brokenOff), ({ brokenOff }) => brokenOff],
    ['No event', ({ withoutEvent }) => badCount(withoutEvent), ({ withoutEvent }) => withoutEvent],
  ]),
  firstColumn('First event', ({ firstEventMs }) => firstEventMs),
  firstColumn('First token', ({ firstTokenMs }) => firstTokenMs),
  ...numberColumns<StreamRow>([
    ['Events/s', ({ eventsPerSecond }) => formatNumber(eventsPerSecond), ({ eventsPerSecond }) => eventsPerSecond ?? -1],
    ['Tokens', ({ tokens }) => formatNumber(tokens), ({ tokens }) => tokens ?? -1],
    ['Tokens/s', ({ tokensPerSecond }) => formatNumber(tokensPerSecond), ({ tokensPerSecond }) => tokensPerSecond ?? -1],
    ['Goodput', ({ goodRatio }) => formatRatio(goodRatio), ({ goodRatio }) => goodRatio ?? -1],
    ['Replayed', ({ replayedRatio }) => badRatio(replayedRatio), ({ replayedRatio }) => replayedRatio ?? -1],
  ]),
];

function firstColumn(title: string, timesOf: (row: StreamRow) => Latency | null): TableColumn<StreamRow> {
  return {
    title,
    about: 'p50 and p95, from due',
    isNumber: true,
    cell: (row) => {
      const times = timesOf(row);
      return times === null
        ? formatMs(null)
        : [formatMs(times.p50), { text: `p95 ${formatMs(times.p95)}`, looks: 'muted', isOnNewLine: true }];
    },
    sortBy: (row) => timesOf(row)?.p95 ?? -1,
  };
}

/** A share that is bad unless it is 0. */
function badRatio(ratio: number | null): Content {
  const text = formatRatio(ratio);
  return ratio === null || ratio === 0 ? text : { text, looks: 'bad-text' };
}

const GAP_COLUMNS: readonly TableColumn<GapRow>[] = [
  ...WHO_COLUMNS,
  { title: 'Between', cell: ({ between }) => between },
  ...numberColumns<GapRow>([
    ['p50', ({ gapMs }) => formatMs(gapMs.p50), ({ gapMs }) => gapMs.p50],
    ['p95', ({ gapMs }) => formatMs(gapMs.p95), ({ gapMs }) => gapMs.p95],
    ['p99', ({ gapMs }) => formatMs(gapMs.p99), ({ gapMs }) => gapMs.p99],
    ['Max', ({ gapMs }) => formatMs(gapMs.max), ({ gapMs }) => gapMs.max],
    ['Stalls', ({ stalls }) => (stalls === null ? '' : badCount(stalls)), ({ stalls }) => stalls ?? -1],
  ]),
];

/** Answers that were read as streams: how soon they began, how evenly they came, how many kept their goals. */
export function streamSection({ streams = [] }: ShownRun): RunSection {
  const title = 'Streams';
  const gaps = streams.flatMap(gapRows);
  const blocks: RunSection['blocks'] =
    streams.length === 0
      ? []
      : [
          { kind: 'words', text: wordsOf(streams) },
          { kind: 'table', table: tableModel(title, STREAM_COLUMNS, streams) },
          ...(gaps.length === 0
            ? []
            : [
                { kind: 'heading', text: 'From one event to the next' } as const,
                { kind: 'table', table: tableModel('Gaps', GAP_COLUMNS, gaps) } as const,
              ]),
        ];
  return { id: 'streams', title, tab: 'requests', blocks };
}

/** Only of what the table has. */
function wordsOf(streams: readonly StreamRow[]): string {
  const has = (is: (row: StreamRow) => boolean): boolean => streams.some(is);
  return [
    'First events and tokens: p50 and p95, from when the request was due. Events a second are of one stream, after its first, on average.',
    has(({ brokenOff }) => brokenOff > 0) ? 'Broken off: failed after an event, or cut off by a time limit or the end of the run.' : '',
    has(({ goodRatio }) => goodRatio !== null) ? 'Goodput: the share of streams that met all goals of their request.' : '',
    has(({ replayedRatio }) => (replayedRatio ?? 0) > 0)
      ? 'Replayed: answers that seem to have been whole before their first event was sent; their gaps say nothing of how they were made.'
      : '',
  ]
    .filter(Boolean)
    .join(' ');
}
