import { counted } from '../core/page-figures.ts';
import type { RunPlan, ScenarioPlan } from '../core/plan.ts';
import { rowKeyOf, TOTAL_ROW } from '../core/rows.ts';
import type { RequestRow, RunJson } from '../core/run-json.ts';
import { formatDurationUs } from '../core/units.ts';
import { type ChanceRanges, chanceRangesOf } from './chance-ranges.ts';

/** What is compared: the result, and the plan where it is still known. */
export interface ComparedRun {
  readonly result: RunJson;
  readonly plan: KeptPlan | undefined;
  /** Of a baseline, which has them though its plan is long gone. */
  readonly facts?: RunFacts | undefined;
}

/** plan.json, as far as it says whether two runs did the same. */
export type KeptPlan = Pick<RunPlan, 'scenarios' | 'scriptConfig' | 'warmUp' | 'environment'> & {
  scriptSha256?: string;
  configSha256?: string | null;
  versions?: { stressrun?: string; node?: string };
  machine?: { cpu?: string; cores?: number };
};

/** Numbers of one request in one run. */
export interface ComparedNumbers {
  count: number;
  failedRatio: number;
  perSecond: number;
  /** From the due time, expected answers. */
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
  /** Where they may lie by chance alone. */
  ranges: ChanceRanges;
}

/** One request (task, method, name) over all runs; null where a run has no such request. */
export interface ComparedRow {
  task: string;
  method: string;
  name: string;
  values: (ComparedNumbers | null)[];
}

/** Rows of all runs side by side: those of the first in its order, then what only later ones have; `Aggregated` last. */
export function compareRows(results: readonly RunJson[]): ComparedRow[] {
  const keys = new Map<string, RequestRow>();
  for (const { requests } of results) for (const row of requests.slice(0, -1)) if (!keys.has(rowKeyOf(row))) keys.set(rowKeyOf(row), row);
  const tables = results.map(({ requests }) => new Map(requests.map((row, i) => [rowKeyOf(row), i])));
  const rows = [...keys].map(([key, { task, method, name }]) => ({
    task,
    method,
    name,
    values: tables.map((table, run) => numbersOf(results[run] as RunJson, table.get(key))),
  }));
  return [...rows, { ...TOTAL_ROW, values: results.map((run) => numbersOf(run, run.requests.length - 1)) }];
}

/** What the runs did differently, in words: then their numbers may not be comparable. Empty: as far as is known they did the same. */
export function differencesOf(runs: readonly ComparedRun[]): string[] {
  const [base, ...others] = runs;
  if (base === undefined) return [];
  const lines = others.flatMap((other) => differingFacts(base.facts ?? factsOf(base), other.facts ?? factsOf(other)));
  for (const { result } of runs) if (result.exploratory !== undefined) lines.push(`${result.run.id} was changed while it ran`);
  return [...new Set(lines)];
}

/** What one run did and another did otherwise, in words, as far as both are known. */
export function differingFacts(base: RunFacts, other: RunFacts): string[] {
  return Object.entries(base).flatMap(([what, value]) => {
    const theirs = other[what];
    if (value === undefined || theirs === undefined || value === theirs) return [];
    return [HASHES.has(what) ? `${what} changed` : `${what}: ${value} → ${theirs}`];
  });
}

const HASHES: ReadonlySet<string> = new Set(['the script', 'config.yaml']);

/** Without a plan nobody knows whether this is the built-in server. */
const LOOPBACK = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/]?/;

/** What a run did, in words, by subject; what is not known is absent. */
export type RunFacts = Readonly<Record<string, string | undefined>>;

export function factsOf({ result: { run }, plan }: Pick<ComparedRun, 'result' | 'plan'>): RunFacts {
  return {
    script: run.script,
    environment: run.environment,
    target: plan === undefined && LOOPBACK.test(run.baseUrl) ? undefined : targetWords(plan, run.baseUrl),
    profile: run.profile ?? '(none)',
    workers: String(run.workers),
    load: loadWords(plan),
    mix: plan === undefined ? undefined : JSON.stringify(plan.scriptConfig['test_mix'] ?? {}),
    'warm-up': plan === undefined ? undefined : JSON.stringify(plan.warmUp),
    'the script': plan?.scriptSha256,
    'config.yaml': plan?.configSha256 ?? undefined,
    stressrun: plan?.versions?.stressrun,
    node: plan?.versions?.node,
    machine: plan?.machine === undefined ? undefined : `${plan.machine.cores} × ${plan.machine.cpu}`,
  };
}

/** Where the load went; the port of the built-in server is another one each time and says nothing. */
export function targetWords(plan: KeptPlan | undefined, baseUrl: string): string {
  return plan?.environment.target === 'embedded' ? 'the built-in server' : baseUrl;
}

/** What the load was, in words; undefined where its plan is not known any more. */
export function loadWords(plan: KeptPlan | undefined): string | undefined {
  return plan?.scenarios.map(loadText).join(' + ');
}

function loadText(scenario: ScenarioPlan): string {
  const { name, length } = scenario;
  const peak =
    scenario.kind === 'open'
      ? `${Number(((Math.max(...scenario.curve.map(({ rate }) => rate)) * 1_000_000) / scenario.timeUnitUs).toPrecision(6))}/s`
      : counted(scenario.users, 'user');
  const long = length.kind === 'duration' ? formatDurationUs(length.durationUs) : counted(length.iterations, 'iteration');
  return `${name} ${peak}, ${long}`;
}

function numbersOf(run: RunJson, at: number | undefined): ComparedNumbers | null {
  const row = at === undefined ? undefined : run.requests[at];
  if (row === undefined || at === undefined) return null;
  const { count, failed, perSecond, responseTimeMs } = row;
  return {
    count,
    failedRatio: count === 0 ? 0 : failed / count,
    perSecond,
    p50Ms: responseTimeMs?.p50 ?? null,
    p95Ms: responseTimeMs?.p95 ?? null,
    p99Ms: responseTimeMs?.p99 ?? null,
    ranges: chanceRangesOf(row, run.details?.[at], run.run.durationS),
  };
}
