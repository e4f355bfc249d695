import { formatNumber, formatSeconds } from '../../core/page-figures.ts';
import type { RequestDetail } from '../../core/request-detail.ts';
import { averageBytesOf, failedPerSecondOf, timesOf } from '../../core/request-figures.ts';
import { isTotalRow } from '../../core/rows.ts';
import type { LiveThreshold, RequestRow, RunJson, ThresholdResult } from '../../core/run-json.ts';
import { stagesOf } from '../../core/run-series.ts';
import { isLoad } from '../../core/stage.ts';
import { marginRatioOf } from '../../core/threshold-asked.ts';
import type { LiveRow, LiveState, RunView } from '../../views/api.ts';
import { shownRun } from '../../views/shown-run.ts';

/** A row of requests; what only a result has is absent while the run goes on. */
export interface ShownRow extends LiveRow {
  readonly p90Ms?: number | null;
  /** From when it was sent. */
  readonly durationP50Ms?: number | null;
  readonly durationP95Ms?: number | null;
}

interface ShownState extends LiveState {
  rows: ShownRow[];
}

/** Figures in the head of a run's page. */
export interface HeadFigures {
  readonly users: number | null;
  readonly perSecond: number | null;
  readonly failedRatio: number | null;
  readonly p95Ms: number | null;
  readonly requests: number;
  readonly elapsedS: number;
  readonly remainingS: number | null;
}

/** So far while it runs; afterwards those of the verdict, and without one what the seconds that were kept add up to. */
export function headFigures(view: RunView): HeadFigures {
  const { live, series, entry, result } = view;
  const elapsedS = series.endS.at(-1) ?? entry.durationS;
  if (result !== null) {
    const none = entry.requests === 0 ? { perSecond: null, failedRatio: null } : {};
    return { ...entry, ...none, users: peakUsers(view), elapsedS: entry.durationS, remainingS: null };
  }
  if (live === null) return { ...sumOfSeconds(view), users: peakUsers(view), elapsedS, remainingS: null };
  const total = live.rows.find(isTotalRow) ?? live.rows.reduce<LiveRow | undefined>(joined, undefined);
  return {
    users: series.users.at(-1) ?? null,
    perSecond: total?.perSecond ?? null,
    failedRatio: total === undefined || total.count === 0 ? null : total.failed / total.count,
    p95Ms: live.rows.find(isTotalRow)?.p95Ms ?? series.responseTimeMs.p95.at(-1) ?? null,
    requests: total?.count ?? 0,
    elapsedS,
    remainingS: live.remainingS,
  };
}

/** Of the measured seconds; percentiles cannot be added up. */
function sumOfSeconds({ series }: RunView): Pick<HeadFigures, 'requests' | 'perSecond' | 'failedRatio' | 'p95Ms'> {
  const stages = stagesOf(series);
  const measured = (column: readonly number[]): number => column.reduce((sum, value, i) => sum + (isLoad(stages[i] ?? '') ? value : 0), 0);
  const requests = measured(series.requests);
  const none = { requests, perSecond: null, failedRatio: null, p95Ms: null };
  return requests === 0
    ? none
    : { ...none, perSecond: requests / measured(series.lengthS), failedRatio: measured(series.failures) / requests };
}

/** Whether any user is at work or any request has ended: until then figures and charts would be zeros. */
export function isBegun({ live, series }: RunView): boolean {
  return (
    (live?.rows ?? []).some(({ count }) => count > 0) || [series.users, series.requests].some((column) => column.some((count) => count > 0))
  );
}

/** What a run that has not measured anything yet is going to do. */
export function plannedFigures({ plan }: RunView): [name: string, text: string][] {
  const scenarios = plan?.scenarios ?? [];
  const most = (model: 'closed' | 'open'): number =>
    scenarios
      .filter((one) => one.model === model)
      .reduce((sum, { curve }) => sum + curve.reduce((top, { value }) => Math.max(top, value), 0), 0);
  const durations = scenarios.map(({ durationS }) => durationS);
  const endS = durations.includes(null) ? null : Math.max(0, ...durations.map((durationS) => durationS ?? 0));
  const [users, starts] = [most('closed'), most('open')];
  return [
    ...(users > 0 ? [['Users planned', formatNumber(users)] as [string, string]] : []),
    ...(starts > 0 ? [['Starts/s planned', formatNumber(starts)] as [string, string]] : []),
    ['Time planned', endS === null ? 'its iterations' : formatSeconds(endS)],
    ['Thresholds', formatNumber(plan?.thresholds.length ?? 0)],
  ];
}

function peakUsers({ series: { users } }: RunView): number | null {
  return users.length === 0 ? null : users.reduce((most, count) => Math.max(most, count), 0);
}

function joined(sum: LiveRow | undefined, row: LiveRow): LiveRow {
  if (sum === undefined) return row;
  return {
    ...sum,
    count: sum.count + row.count,
    failed: sum.failed + row.failed,
    perSecond: sum.perSecond + row.perSecond,
    failedPerSecond: sum.failedPerSecond + row.failedPerSecond,
  };
}

/** A threshold of the verdict, as one of a run that goes on. */
export function judged(result: ThresholdResult): LiveThreshold {
  const { detail: _detail, isThin: _isThin, isExcused: _isExcused, ...live } = result;
  const marginRatio = marginRatioOf(result);
  return { ...live, ...(marginRatio === undefined ? {} : { marginRatio }) };
}

/** A live run with the result that has just come: all of its end but its files, which only the server knows. */
export function endedView(view: RunView, result: RunJson): RunView {
  const total = result.requests.at(-1);
  const entry: RunView['entry'] = {
    ...view.entry,
    state: 'ended',
    outcome: result.verdict.outcome,
    durationS: result.run.durationS,
    requests: total?.count ?? 0,
    failedRatio: total === undefined || total.count === 0 ? 0 : total.failed / total.count,
    perSecond: total?.perSecond ?? 0,
    p95Ms: total?.responseTimeMs?.p95 ?? null,
    isExploratory: result.exploratory !== undefined,
  };
  return { ...view, state: 'ended', entry, result };
}

/** Everything the tabs show, of a live run or of its result. */
export function stateOf(view: RunView): ShownState {
  if (view.result === null) return view.live ?? EMPTY;
  const { result } = view;
  const { checks, errors, uncounted } = shownRun(result);
  return {
    ...(view.live ?? EMPTY),
    rows: result.requests.map((row, i) => rowOf(row, result.details?.[i])),
    groups: result.groups ?? [],
    uncounted: [...uncounted],
    thresholds: result.thresholds.map(judged),
    checks: [...checks],
    errors: [...errors],
  };
}

function rowOf(row: RequestRow, detail: RequestDetail | undefined): ShownRow {
  const { task, method, name, count, failed, perSecond, durationMs } = row;
  const times = timesOf(row);
  return {
    task,
    method,
    name,
    count,
    failed,
    perSecond,
    failedPerSecond: failedPerSecondOf(row),
    medianMs: times?.p50 ?? null,
    p90Ms: times?.p90 ?? null,
    p95Ms: times?.p95 ?? null,
    p99Ms: times?.p99 ?? null,
    averageMs: times?.avg ?? null,
    minMs: times?.min ?? null,
    maxMs: times?.max ?? null,
    durationP50Ms: durationMs?.p50 ?? null,
    durationP95Ms: durationMs?.p95 ?? null,
    averageBytes: averageBytesOf(row, detail) ?? null,
  };
}

const EMPTY: LiveState = {
  rows: [],
  groups: [],
  uncounted: [],
  thresholds: [],
  checks: [],
  errors: [],
  workers: [],
  starts: { due: 0, begun: 0, late: 0, queued: 0, dropped: 0, interrupted: 0 },
  load: [],
  remainingS: null,
  inFlight: 0,
  sinceSecond: 0,
  countedS: 0,
};

/** The verdict if the run ended now. @param planned - thresholds that there will be, where nothing is measured yet */
export function verdictSoFar(
  thresholds: readonly LiveThreshold[],
  planned = thresholds.length,
): { tone: 'good' | 'bad' | 'warn' | 'none'; text: string } {
  const missed = thresholds.filter(({ outcome }) => outcome === 'missed').length;
  const open = thresholds.filter(({ outcome }) => outcome === 'undecided' || outcome === 'no-data').length;
  if (thresholds.length === 0) return { tone: 'none', text: planned === 0 ? 'no thresholds' : 'no verdict yet' };
  const isOnly = thresholds.length === 1;
  if (missed > 0)
    return {
      tone: 'bad',
      text: isOnly ? 'failing: the only threshold is missed so far' : `failing: ${missed} of ${thresholds.length} thresholds missed so far`,
    };
  if (open === thresholds.length) return { tone: 'none', text: 'no verdict yet' };
  if (open > 0) return { tone: 'warn', text: `passing so far; ${open} of ${thresholds.length} thresholds open` };
  return {
    tone: 'good',
    text: isOnly ? 'passing: the only threshold is met so far' : `passing: all ${thresholds.length} thresholds met so far`,
  };
}
