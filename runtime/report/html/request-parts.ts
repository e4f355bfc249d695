import { formatMs, formatNumber, formatRatio } from '../../core/page-figures.ts';
import { HTTP, SENDING_ENDS } from '../../core/roles.ts';
import {
  type Latency,
  type RequestDetail,
  type RequestPhase,
  type RequestRow,
  type RunJson,
  serverRows,
  timesOf,
} from '../../core/run-json.ts';
import { formatBytes } from '../../core/units.ts';
import { html, type Markup } from './markup.ts';
import { section, type TableColumn, tableOf } from './table.ts';

interface FullRow extends RequestRow {
  readonly detail: RequestDetail | undefined;
}

export const PHASES: readonly (readonly [RequestPhase, words: string])[] = [
  ['blocked', 'waiting for a connection'],
  ['connecting', 'connecting'],
  ['tls', 'TLS'],
  ['sending', 'sending'],
  ['waiting', 'waiting for the answer'],
  ['receiving', 'receiving'],
];

const timeColumn = (title: string, about: string, timeOf: (row: FullRow) => number | undefined): TableColumn<FullRow> => ({
  title,
  about,
  isNumber: true,
  cell: (row) => formatMs(timeOf(row)),
  sortBy: (row) => timeOf(row) ?? -1,
});
const responseTime = (stat: keyof Latency): TableColumn<FullRow> =>
  timeColumn(stat, 'response time of expected answers, from due', (row) => timesOf(row)?.[stat]);

const COLUMNS: readonly TableColumn<FullRow>[] = [
  { title: 'task', cell: ({ task }) => task },
  { title: 'request', cell: ({ method, name }) => [method !== '' && html`<b class="method">${method}</b> `, name] },
  { title: 'count', isNumber: true, cell: ({ count }) => formatNumber(count), sortBy: ({ count }) => count },
  {
    title: 'failed',
    isNumber: true,
    cell: ({ count, failed }) =>
      failed > 0 ? html`<span class="bad-text" title="${formatRatio(failed / count)}">${formatNumber(failed)}</span>` : '0',
    sortBy: ({ failed }) => failed,
  },
  { title: 'req/s', isNumber: true, cell: ({ perSecond }) => formatNumber(perSecond), sortBy: ({ perSecond }) => perSecond },
  responseTime('avg'),
  responseTime('p50'),
  responseTime('p90'),
  responseTime('p95'),
  responseTime('p99'),
  responseTime('max'),
  timeColumn('dur p50', `${HTTP.duration} of expected answers, from sent`, (row) => row.durationMs?.p50),
  timeColumn('dur p95', `${HTTP.duration} of expected answers, from sent`, (row) => row.durationMs?.p95),
  {
    title: 'received',
    about: 'bytes on the wire of an answer, on average',
    isNumber: true,
    cell: (row) => (row.detail === undefined || row.count === 0 ? '' : formatBytes(Math.round(row.detail.bytesReceived / row.count))),
    sortBy: (row) => row.detail?.bytesReceived ?? 0,
  },
];

/** The numbers by request, sortable. */
export function requestPart(run: RunJson): Markup {
  const rows = fullRows(run);
  const total = rows.at(-1);
  const cutOff = total?.interrupted ?? 0;
  const legend = html`<p class="muted">avg to max: response time of expected answers, from the moment they were due (no coordinated omission); dur: ${HTTP.duration}, from sent. ${
    run.run.model === 'open' ? '' : 'Closed model: concurrency was the limit; a slow target was offered less. '
  }${cutOff > 0 && `${cutOff} cut off at the end of the run count neither as successful nor as failed.`}</p>`;
  return section(
    'requests',
    'Requests',
    total !== undefined && [legend, tableOf(COLUMNS, rows.slice(0, -1), { caption: 'Requests', total })],
  );
}

/** Where the time of a request goes: the phases of its hops, and what the server said of its own parts. */
export function phasePart(run: RunJson): Markup {
  const rows = fullRows(run).filter((row) => row.detail?.phasesMs != null);
  if (rows.length === 0) return html``;
  const legend = html`<p class="phase-legend">${PHASES.filter(([phase]) => rows.some(({ detail }) => (detail?.phasesMs?.[phase].max ?? 0) > 0)).map(([phase, words]) => html`<span class="phase-${phase}">${words}</span> `)}</p>`;
  const servers = serverRows(
    rows.flatMap(({ detail, ...row }) => (detail === undefined ? [] : [{ ...row, serverMs: detail.serverMs }])),
  ).flatMap(({ serverMs, ...row }) => serverMs.map((part) => ({ ...row, ...part, name: row.name })));
  return section('phases', 'Where the time goes', [
    html`<p class="muted">Of an expected answer on average; each redirect counts for itself. ${SENDING_ENDS}</p>`,
    legend,
    tableOf(phaseColumns(rows), rows, { caption: 'Phases' }),
    servers.length > 0 && [
      html`<h3>What the server says of its parts</h3>`,
      tableOf<(typeof servers)[number]>(
        [
          { title: 'request', cell: ({ task, method, name }) => [task, ' ', method, ' ', name].join('').trim() },
          { title: 'part', cell: ({ part }) => part },
          { title: 'answers', isNumber: true, cell: ({ count }) => formatNumber(count), sortBy: ({ count }) => count },
          { title: 'avg', isNumber: true, cell: ({ avg }) => formatMs(avg), sortBy: ({ avg }) => avg },
          { title: 'p95', isNumber: true, cell: ({ p95 }) => formatMs(p95), sortBy: ({ p95 }) => p95 },
          { title: 'max', isNumber: true, cell: ({ max }) => formatMs(max), sortBy: ({ max }) => max },
        ],
        servers,
        { caption: 'Server timings' },
      ),
    ],
  ]);
}

/** Phases that no request went through (TLS on a plain connection) have no column. */
function phaseColumns(rows: readonly FullRow[]): TableColumn<FullRow>[] {
  const seen = PHASES.filter(([phase]) => rows.some(({ detail }) => (detail?.phasesMs?.[phase].max ?? 0) > 0));
  return [
    { title: 'request', cell: ({ task, method, name }) => [html`<small class="muted">${task}</small> `, method, ' ', name] },
    {
      title: 'on average',
      cell: ({ detail }) => phaseBar(PHASES.map(([phase]) => detail?.phasesMs?.[phase].avg ?? 0)),
    },
    ...seen.map(
      ([phase]): TableColumn<FullRow> => ({
        title: phase,
        about: 'average, and p95',
        isNumber: true,
        cell: ({ detail }) => [
          formatMs(detail?.phasesMs?.[phase].avg),
          html`<br><small class="muted">p95 ${formatMs(detail?.phasesMs?.[phase].p95)}</small>`,
        ],
        sortBy: ({ detail }) => detail?.phasesMs?.[phase].avg ?? 0,
      }),
    ),
  ];
}

/** Times of the phases, in their order, as parts of a bar. */
export function phaseBar(times: readonly number[]): Markup {
  const total = times.reduce((sum, time) => sum + time, 0);
  if (total <= 0) return html``;
  let x = 0;
  const rects = times.map((time, i) => {
    const width = (time / total) * 100;
    const rect = html`<rect class="fill-${PHASES[i]?.[0] ?? ''}" x="${x.toFixed(2)}" width="${width.toFixed(2)}" height="10"/>`;
    x += width;
    return rect;
  });
  return html`<svg class="phases" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${rects}</svg>`;
}

function fullRows({ requests, details = [] }: RunJson): FullRow[] {
  return requests.map((row, i) => ({ ...row, detail: details[i] }));
}
