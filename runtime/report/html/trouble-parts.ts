import { errorKindText, errorPlaceText } from '../../core/error-kind.ts';
import { formatMs, formatNumber, formatRatio } from '../../core/page-figures.ts';
import type { KeptRequest } from '../../core/records.ts';
import type { CheckRow, ErrorRow, RunJson } from '../../core/run-json.ts';
import { html, type Markup } from './markup.ts';
import { PHASES, phaseBar } from './request-parts.ts';
import { section, type TableColumn, tableOf } from './table.ts';

const KEPT_MAX = 100;
/** The rest is on demand. */
const KEPT_SHOWN_MAX = 12;

/** What went wrong, by kind: how often, when, and the first message. */
export function errorPart(run: RunJson): Markup {
  return section(
    'failures',
    'Failures',
    run.errors.length > 0 && [
      html`<figure class="chart" id="chart-errors" hidden></figure>`,
      tableOf(ERROR_COLUMNS, run.errors, { caption: 'Failures' }),
    ],
  );
}

const ERROR_COLUMNS: readonly TableColumn<ErrorRow>[] = [
  { title: 'count', isNumber: true, cell: ({ count }) => formatNumber(count), sortBy: ({ count }) => count },
  { title: 'kind', cell: errorKindText },
  { title: 'where', cell: errorPlaceText },
  { title: 'first seen', cell: ({ firstSeen }) => timeOf(firstSeen), sortBy: ({ firstSeen }) => firstSeen },
  { title: 'last seen', cell: ({ lastSeen }) => timeOf(lastSeen), sortBy: ({ lastSeen }) => lastSeen },
  { title: 'first message', cell: ({ sample }) => longText(sample) },
];

/** The slowest and the failed requests, each with its phases. */
export function keptPart(run: RunJson): Markup {
  const kept = run.kept ?? [];
  const failed = kept.filter(({ why }) => why === 'failed').slice(0, KEPT_MAX);
  const slow = kept
    .filter(({ why }) => why === 'slow')
    .sort((a, b) => b.responseTimeUs - a.responseTimeUs)
    .slice(0, KEPT_MAX);
  return html`${section('slowest', 'Slowest requests', slow.length > 0 && keptTable(slow, 'Slowest requests'))}
${section('failed', 'Failed requests', failed.length > 0 && keptTable(failed, 'Failed requests'))}`;
}

function keptTable(kept: readonly KeptRequest[], caption: string): Markup {
  const rest = kept.slice(KEPT_SHOWN_MAX);
  return html`${tableOf(KEPT_COLUMNS, kept.slice(0, KEPT_SHOWN_MAX), { caption })}${
    rest.length > 0 &&
    html`<details><summary>${rest.length} more</summary>${tableOf(KEPT_COLUMNS, rest, { caption: `${caption}, the rest` })}</details>`
  }`;
}

const KEPT_COLUMNS: readonly TableColumn<KeptRequest>[] = [
  {
    title: 'took',
    isNumber: true,
    cell: ({ responseTimeUs }) => formatMs(responseTimeUs / 1000),
    sortBy: ({ responseTimeUs }) => responseTimeUs,
  },
  { title: 'at', cell: ({ atMs }) => timeOf(new Date(atMs).toISOString()), sortBy: ({ atMs }) => atMs },
  {
    title: 'request',
    cell: ({ task, method, name, url }) => [
      html`<b class="method">${method}</b> ${name}`,
      task !== '' && html` <small class="muted">${task}</small>`,
      url !== name && html`<br><small class="muted">${url}</small>`,
    ],
  },
  {
    title: 'answer',
    cell: ({ status, kind, errorCode, error }) => [
      status > 0 ? String(status) : kind,
      errorCode > 0 && html` <small class="muted">${errorCode}</small>`,
      error !== '' && html`<br>${longText(error)}`,
    ],
  },
  { title: 'phases', cell: phasesOf },
  {
    title: 'of',
    about: 'VU and iteration, and the requests of its worker that were in flight when it ended',
    cell: ({ vu, iteration, inFlight, scenario }) =>
      html`VU ${vu + 1}, iteration ${iteration + 1}<br><small class="muted">${scenario}, ${inFlight} in flight</small>`,
  },
  {
    title: 'id',
    cell: ({ requestId, picture }) => [
      requestId !== '' && html`<code>${requestId}</code>`,
      picture !== '' && html`<br><small class="muted">picture ${picture}</small>`,
    ],
  },
];

function phasesOf({ phasesUs, serverTimings, responseTimeUs }: KeptRequest): Markup {
  const times = PHASES.map(([phase]) => phasesUs[phase]);
  const words = PHASES.map(([phase], i) => [phase, times[i] ?? 0] as const)
    .filter(([, us]) => us > 0)
    .map(([phase, us]) => `${phase} ${formatMs(us / 1000)}`);
  const rest = responseTimeUs - times.reduce((sum, us) => sum + us, 0);
  const server = serverTimings.map(({ part, us }) => `${part} ${formatMs(us / 1000)}`);
  return html`${phaseBar(times)}<small class="muted">${[...words, rest > 1000 ? `before and between hops ${formatMs(rest / 1000)}` : ''].filter(Boolean).join(', ')}${
    server.length > 0 && html`<br>server: ${server.join(', ')}`
  }</small>`;
}

/** Every check with how often it passed and why its predicate threw. */
export function checkPart(run: RunJson): Markup {
  return section('checks', 'Checks', run.checks.length > 0 && tableOf(CHECK_COLUMNS, run.checks, { caption: 'Checks' }));
}

const CHECK_COLUMNS: readonly TableColumn<CheckRow>[] = [
  { title: '', cell: ({ fails }) => html`<b class="${fails === 0 ? 'good' : 'bad'}-text">${fails === 0 ? '✓' : '✗'}</b>` },
  { title: 'check', cell: ({ name, reason }) => [name, reason !== undefined && html`<br><small>it threw: ${longText(reason)}</small>`] },
  { title: 'task', cell: ({ task, group }) => [task, group].filter(Boolean).join(' › ') },
  { title: 'passes', isNumber: true, cell: ({ passes }) => formatNumber(passes), sortBy: ({ passes }) => passes },
  {
    title: 'fails',
    isNumber: true,
    cell: ({ fails }) => (fails > 0 ? html`<span class="bad-text">${formatNumber(fails)}</span>` : '0'),
    sortBy: ({ fails }) => fails,
  },
  {
    title: 'passed',
    isNumber: true,
    cell: ({ passes, fails }) => formatRatio(passes + fails === 0 ? null : passes / (passes + fails)),
    sortBy: ({ passes, fails }) => passes / Math.max(1, passes + fails),
  },
];

/** One line, and the rest on demand. */
function longText(text: string): Markup {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  if (rest.length === 0 && first.length <= 160) return html`${first}`;
  return html`<details><summary>${first.slice(0, 160)}</summary><pre>${text}</pre></details>`;
}

/** `13:35:30Z`; what is no ISO time stays as it came. */
function timeOf(iso: string): string {
  return /^\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)/.exec(iso)?.[1]?.concat('Z') ?? iso;
}
