import { formatMs, formatNumber, formatRatio } from '../core/page-figures.ts';
import { gapRows, type StreamRow } from '../core/stream-row.ts';
import { aligned, type Column } from './aligned.ts';
import type { Page } from './page.ts';
import { plainLine, wrapped } from './plain-text.ts';

/** A table of streams for the console and for Markdown: titles, and a row of texts for each request. */
export interface StreamTable {
  readonly title: string;
  readonly legend: string;
  /** Without that of the name. */
  readonly heads: readonly string[];
  readonly rows: readonly { readonly name: string; readonly cells: readonly string[] }[];
}

/** Which columns leave where there is no room, in this order. */
const LEAVING = ['event p50', 'token p50', 'events/s', 'tokens/s'];
const NAME_WIDTH_MAX = 24;

/** How streams began and ended, and how evenly they came; those that have no row are left out. */
export function streamTables(streams: readonly StreamRow[]): StreamTable[] {
  const whole: StreamTable = {
    title: 'Streams',
    legend: 'event, token: to the first of each, from due; broken: failed after it or cut off; silent: cut off before it',
    heads: [
      ...['streams', 'broken', 'silent', 'event p50', 'event p95', 'token p50', 'token p95'],
      ...['events/s', 'tokens/s', 'good', 'replayed'],
    ],
    rows: streams.map((row) => ({ name: row.name, cells: cellsOf(row) })),
  };
  const gaps: StreamTable = {
    title: 'Gaps of streams',
    legend: '',
    heads: ['between', 'p50', 'p95', 'p99', 'max', 'stalls'],
    rows: streams.flatMap(gapRows).map(({ name, between, gapMs: { p50, p95, p99, max }, stalls }) => ({
      name,
      cells: [between, ...[p50, p95, p99, max].map(formatMs), formatNumber(stalls)],
    })),
  };
  return [whole, gaps].filter(({ rows }) => rows.length > 0);
}

function cellsOf(row: StreamRow): string[] {
  const { firstEventMs, firstTokenMs, withoutEvent, replayedRatio } = row;
  return [
    ...[row.streams, row.brokenOff].map((count) => formatNumber(count)),
    withoutEvent === 0 ? '' : formatNumber(withoutEvent),
    ...[firstEventMs?.p50, firstEventMs?.p95, firstTokenMs?.p50, firstTokenMs?.p95].map(formatMs),
    ...[row.eventsPerSecond, row.tokensPerSecond].map((rate) => formatNumber(rate)),
    formatRatio(row.goodRatio),
    replayedRatio === 0 ? '' : formatRatio(replayedRatio),
  ];
}

/** A row for each request that had streams. */
export function streamSection({ run, paint, columns: widthMax }: Page): string[] {
  return streamTables(run.streams ?? []).flatMap(({ title, legend, heads, rows }, i) => {
    const columns: Column[] = [{ title: 'name', widthMax: NAME_WIDTH_MAX }, ...heads.map(columnOf)];
    const cells = rows.map(({ name, cells: figures }) => [plainLine(name), ...figures]);
    return [
      ...(i === 0 ? [] : ['']),
      paint.bold(title),
      ...(legend === '' ? [] : wrapped(legend, widthMax, 2).map(paint.dim)),
      ...aligned(columns, cells, { indent: 2, widthMax }),
    ];
  });
}

function columnOf(title: string): Column {
  const leavesAs = LEAVING.indexOf(title);
  return { title, align: title === 'between' ? 'left' : 'right', ...(leavesAs < 0 ? {} : { leavesAs }) };
}
