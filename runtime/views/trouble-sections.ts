// What went wrong, and what was slow.

import { errorKindText, errorPlaceText } from '../core/error-kind.ts';
import { formatMs, formatNumber, formatRatio } from '../core/page-figures.ts';
import type { KeptRequest } from '../core/records.ts';
import { badCount, requestCell } from './beside-sections.ts';
import { PHASES } from './phase-section.ts';
import type { Block, RunSection } from './run-section.ts';
import type { ShownCheck, ShownRun } from './shown-run.ts';
import { type Content, numberColumns, type TableColumn, tableModel } from './table-model.ts';

const KEPT_MAX = 100;
/** The rest is on demand. */
const KEPT_SHOWN_MAX = 12;

type Failure = ShownRun['errors'][number];

const FAILURE_COLUMNS: readonly TableColumn<Failure>[] = [
  { title: 'Request', isHead: true, cell: errorPlaceText },
  { title: 'Kind', cell: errorKindText },
  { title: 'Count', isNumber: true, cell: ({ count }) => badCount(count), sortBy: ({ count }) => count },
  { title: 'First seen', cell: ({ firstSeenMs }) => ({ atMs: firstSeenMs }), sortBy: ({ firstSeenMs }) => firstSeenMs },
  { title: 'Last seen', cell: ({ lastSeenMs }) => ({ atMs: lastSeenMs }), sortBy: ({ lastSeenMs }) => lastSeenMs },
  { title: 'First message', cell: ({ sample }) => ({ text: sample, isLong: true }) },
];

/** By kind, the most frequent first: how often, when, and the first message. */
export function failureSection({ errors }: ShownRun): RunSection {
  const title = 'Failures';
  const sorted = [...errors].sort((a, b) => b.count - a.count);
  const blocks: Block[] = errors.length === 0 ? [] : [{ kind: 'table', table: tableModel(title, FAILURE_COLUMNS, sorted) }];
  return { id: 'failures', title, tab: 'failures', blocks };
}

/** The slowest requests of each task, each with its phases. */
export function slowestSection({ kept = [] }: ShownRun): RunSection {
  const slow = kept.filter(({ why }) => why === 'slow').sort((a, b) => b.responseTimeUs - a.responseTimeUs);
  const title = 'Slowest requests';
  return { id: 'slowest', title, tab: 'requests', blocks: keptBlocks(title, slow) };
}

/** Failed requests one by one, as many as were kept. */
export function failedSection({ kept = [] }: ShownRun): RunSection {
  const title = 'Failed requests';
  return {
    id: 'failed',
    title,
    tab: 'failures',
    blocks: keptBlocks(
      title,
      kept.filter(({ why }) => why === 'failed'),
    ),
  };
}

function keptBlocks(title: string, all: readonly KeptRequest[]): Block[] {
  const kept = saidOnce(all.slice(0, KEPT_MAX));
  const [shown, rest] = [kept.slice(0, KEPT_SHOWN_MAX), kept.slice(KEPT_SHOWN_MAX)];
  const table = (name: string, rows: readonly KeptRequest[]) => tableModel(name, KEPT_COLUMNS, rows);
  return [
    ...(shown.length === 0 ? [] : [{ kind: 'table', table: table(title, shown) } as const]),
    ...(rest.length === 0 ? [] : [{ kind: 'table', table: table(`${title}, the rest`, rest), summary: `${rest.length} more` } as const]),
  ];
}

/** Each message with the first request that it is of: the others have their status, or what kind of failure it was. */
function saidOnce(kept: readonly KeptRequest[]): KeptRequest[] {
  const said = new Set<string>();
  return kept.map((request) => {
    const isSaid = said.has(request.error);
    said.add(request.error);
    return isSaid ? { ...request, error: '' } : request;
  });
}

const KEPT_COLUMNS: readonly TableColumn<KeptRequest>[] = [
  {
    title: 'Request',
    isHead: true,
    cell: ({ task, method, name, url }) => [
      ...requestCell({ method, name }),
      ...(task === '' ? [] : [{ text: ` ${task}`, looks: 'muted' } as const]),
      ...(url === name ? [] : [{ text: url, looks: 'muted', isOnNewLine: true } as const]),
    ],
    sortBy: ({ name }) => name,
  },
  {
    title: 'Took',
    isNumber: true,
    cell: ({ responseTimeUs }) => formatMs(responseTimeUs / 1000),
    sortBy: ({ responseTimeUs }) => responseTimeUs,
  },
  { title: 'At', cell: ({ atMs }) => ({ atMs }), sortBy: ({ atMs }) => atMs },
  {
    title: 'Answer',
    cell: ({ status, kind, errorCode, error }) => [
      status > 0 ? String(status) : kind,
      ...(errorCode === 0 ? [] : [{ text: ` ${errorCode}`, looks: 'muted' } as const]),
      ...(error === '' ? [] : [{ text: error, isLong: true, isOnNewLine: true } as const]),
    ],
  },
  { title: 'Phases', cell: phasesCell },
  {
    title: 'Of',
    isLine: true,
    about: 'VU and iteration, and the requests of its worker that were in flight when it ended',
    cell: ({ vu, iteration, inFlight, scenario }) => [
      `VU ${formatNumber(vu + 1)}, iteration ${formatNumber(iteration + 1)}`,
      { text: `${scenario}, ${formatNumber(inFlight)} in flight`, looks: 'muted', isOnNewLine: true },
    ],
  },
  {
    title: 'Id',
    cell: ({ requestId, picture }) => [
      ...(requestId === '' ? [] : [{ text: requestId, looks: 'code' } as const]),
      ...(picture === '' ? [] : [{ text: `picture ${picture}`, looks: 'muted', isOnNewLine: requestId !== '' } as const]),
    ],
  },
];

function phasesCell({ phasesUs, serverTimings, responseTimeUs }: KeptRequest): Content[] {
  const times = PHASES.map(([phase]) => phasesUs[phase]);
  const words = PHASES.map(([phase], i) => [phase, times[i] ?? 0] as const)
    .filter(([, us]) => us > 0)
    .map(([phase, us]) => `${phase} ${formatMs(us / 1000)}`);
  const rest = responseTimeUs - times.reduce((sum, us) => sum + us, 0);
  const server = serverTimings.map(({ part, us }) => `${part} ${formatMs(us / 1000)}`);
  const told = [...words, rest > 1000 ? `before and between hops ${formatMs(rest / 1000)}` : ''].filter(Boolean).join(', ');
  return [
    { phases: times },
    { text: told, looks: 'muted' },
    ...(server.length === 0 ? [] : [{ text: `server: ${server.join(', ')}`, looks: 'muted', isOnNewLine: true } as const]),
  ];
}

const CHECK_COLUMNS: readonly TableColumn<ShownCheck>[] = [
  { title: 'Task', cell: ({ task }) => task },
  { title: 'Group', cell: ({ group = '' }) => group },
  {
    title: 'Check',
    isHead: true,
    cell: ({ name, fails, reason }) => [
      { text: fails === 0 ? '✓' : '✗', looks: fails === 0 ? 'good-text' : 'bad-text' },
      ` ${name}`,
      ...(reason === undefined ? [] : [{ text: `it threw: ${reason}`, isLong: true, isOnNewLine: true } as const]),
    ],
    sortBy: ({ name }) => name,
  },
  ...numberColumns<ShownCheck>([
    ['Passed', ({ passes }) => formatNumber(passes), ({ passes }) => passes],
    ['Failed', ({ fails }) => badCount(fails), ({ fails }) => fails],
    ['Held', (row) => formatRatio(heldRatio(row)), (row) => heldRatio(row) ?? -1],
  ]),
];

function heldRatio({ passes, fails }: ShownCheck): number | null {
  return passes + fails === 0 ? null : passes / (passes + fails);
}

/** Every check with how often it held and why its predicate threw. */
export function checkSection({ checks }: ShownRun): RunSection {
  const title = 'Checks';
  const blocks: Block[] = checks.length === 0 ? [] : [{ kind: 'table', table: tableModel(title, CHECK_COLUMNS, checks) }];
  return { id: 'checks', title, tab: 'checks', blocks };
}
