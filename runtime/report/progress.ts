import { counted, formatNumber, NONE } from '../core/page-figures.ts';
import type { Stage } from '../core/stage.ts';
import { formatDurationUs } from '../core/units.ts';
import type { LiveDetail } from './live-detail.ts';

/** A run as it stands, for the live line. */
export interface ProgressState {
  readonly elapsedUs: number;
  /** To the planned end; undefined when the length is not known (iterations). */
  readonly remainingUs: number | undefined;
  readonly users: number;
  /** Of the last second or so. */
  readonly requestsPerSecond: number;
  /** Logical requests that ended so far. */
  readonly requests: number;
  readonly failed: number;
  /** Response time; undefined before the first answer. */
  readonly p95Us: number | undefined;
  /** Empty while the load is measured, and before the first. */
  readonly stage: Stage | '';
  /** What a live view shows besides; absent where nobody would see it. */
  readonly detail?: LiveDetail;
}

const BAR_CELLS = 16;

/** The one line that is redrawn in place; shorter than `columns`, so that the terminal does not wrap it. What does not fit is left out whole: half a number is a wrong one. */
export function renderProgress(state: ProgressState, columns: number): string {
  const { remainingUs } = state;
  const totalUs = remainingUs === undefined ? undefined : state.elapsedUs + remainingUs;
  const time = totalUs === undefined ? clockText(state.elapsedUs) : `${clockText(state.elapsedUs)}/${clockText(totalUs)}`;
  const facts = factsOf(state);
  const bar = totalUs === undefined ? '' : `${barText(totalUs === 0 ? 1 : state.elapsedUs / totalUs)}  `;
  const widthMax = Math.max(0, columns - 1);
  const full = `${time}  ${bar}${facts.join('  ')}`;
  if (full.length <= widthMax) return full;
  const shown = facts.findLastIndex((_, i) => [time, ...facts.slice(0, i + 1)].join('  ').length <= widthMax) + 1;
  return [time, ...facts.slice(0, shown)].join('  ').slice(0, widthMax);
}

/** One line of a log, where nothing can be redrawn. */
export function renderProgressLine(state: ProgressState): string {
  const left = state.remainingUs === undefined ? [] : [`${clockText(state.remainingUs)} left`];
  return [clockText(state.elapsedUs), ...left, ...factsOf(state), counted(state.requests, 'request')].join(', ');
}

function factsOf(state: ProgressState): string[] {
  return [
    ...(state.stage === '' ? [] : [state.stage]),
    counted(state.users, 'user'),
    `${formatNumber(state.requestsPerSecond)} req/s`,
    `${formatNumber(state.failed)} failed`,
    `p95 ${state.p95Us === undefined ? NONE : formatDurationUs(state.p95Us)}`,
  ];
}

/** `0:12`, `1:02:03`; a negative time (before the first start) is 0:00. */
export function clockText(us: number): string {
  const seconds = Math.max(0, Math.floor(us / 1_000_000));
  const pad = (value: number): string => String(value).padStart(2, '0');
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  return h > 0 ? `${h}:${pad(m)}:${pad(s)}` : `${m}:${pad(s)}`;
}

/** @param ratio - 0 to 1; what is beyond counts as the end */
export function barText(ratio: number, cells = BAR_CELLS): string {
  const filled = Math.round(Math.min(1, Math.max(0, ratio)) * cells);
  return '█'.repeat(filled) + '░'.repeat(cells - filled);
}
