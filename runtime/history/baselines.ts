import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { type RowSummary, rowSummariesOf } from '../comparison/row-summary.ts';
import { ConfigError } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';
import { outcomeName } from '../core/outcome-tone.ts';
import type { RunJson } from '../core/run-json.ts';
import { bucketsOf } from '../record/distribution.ts';
import { writeAtomically } from './atomic-write.ts';
import { differingFacts, factsOf, type RunFacts } from './compare-runs.ts';
import { findRun } from './find-run.ts';
import { compactJson } from './json-text.ts';
import { keptPlanOf } from './plan-file.ts';
import { JOURNAL_FILE, LATEST_FILE, PLAN_FILE, RUN_JSON_FILE } from './run-folder.ts';
import { readRunJson } from './run-json-file.ts';

/** Folder beside the run folders. */
const BASELINES_FOLDER = 'baselines';
const NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;
/** Of the files that make a folder a run: one of these would make a run of the baselines' folder. Lower case, as file systems may not tell it apart. */
const TAKEN_NAMES: ReadonlySet<string> = new Set([RUN_JSON_FILE, PLAN_FILE, JOURNAL_FILE, LATEST_FILE].map((file) => parse(file).name));
const WHERE = 'baseline';

/** Earlier runs that a baseline keeps: so many tell how much runs differ by themselves, and old ones say little of today. */
const EARLIER_MAX = 9;

/** A run of a baseline in short: what comparisons need of it. */
interface EarlierRun {
  id: string;
  savedMs: number;
  rows: RowSummary[];
}

/** A run that others are measured by: its run.json without what only that one run is about. `baseline` stands beside the core. */
export type Baseline = RunJson & {
  baseline: {
    name: string;
    savedMs: number;
    rows: RowSummary[];
    /** What was done, in words: with the facts of another run it tells whether the two can be compared. Absent in files of older versions, as are the others. */
    facts: RunFacts;
    /** Newest first: runs of the same kind that had this name before. */
    earlier: EarlierRun[];
  };
};

/**
 * Keeps a run under a name as `<base>/baselines/NAME.json`. Runs of the same kind that had the name before stay in short beside it, ten in all: they tell how
 * much runs differ by themselves. Those of another kind are replaced.
 * @param run - as `findRun` takes it
 * @throws {ConfigError} for a name that is none, and for a run that did not pass or was changed while it ran
 */
export async function saveBaseline(base: string, { run, name }: { run: string; name: string }): Promise<Baseline> {
  if (!NAME.test(name))
    throw new ConfigError(WHERE, `expected a name of at most 64 letters, digits, "_", "." and "-"; got ${JSON.stringify(name)}`);
  if (TAKEN_NAMES.has(name.toLowerCase()))
    throw new ConfigError(
      WHERE,
      `expected a name other than ${[...TAKEN_NAMES].join(', ')}, which are those of a run's own files; got ${JSON.stringify(name)}`,
    );
  const folder = findRun(base, run);
  const file = join(folder, RUN_JSON_FILE);
  if (!existsSync(file)) throw new ConfigError(WHERE, `expected a run that came to its end; ${basename(folder)} has no run.json`);
  const result = await readRunJson(file);
  const refusal = whyNoBaseline(result);
  if (refusal !== undefined) throw new ConfigError(WHERE, refusal, { hint: 'run it again, unchanged, until it passes' });
  const facts = factsOf({ result, plan: keptPlanOf(folder) });
  const earlier = existsSync(pathOf(base, name)) ? earlierIn(await readBaseline(base, name), { id: result.run.id, facts }) : [];
  const about = { name, savedMs: Date.now(), rows: rowSummariesOf(result), facts, earlier };
  const baseline: Baseline = { ...reduced(result), baseline: about };
  await writeAtomically(pathOf(base, name), `${compactJson(JSON.stringify(baseline, undefined, 2))}\n`);
  return baseline;
}

/** What stays of a baseline when another run takes its name. */
function earlierIn(before: RunJson & Partial<Baseline>, { id, facts }: { id: string; facts: RunFacts }): EarlierRun[] {
  const { baseline, run } = before;
  if (baseline?.rows === undefined || differingFacts(baseline.facts, facts).length > 0) return [];
  const newest: EarlierRun = { id: run.id, savedMs: baseline.savedMs, rows: baseline.rows };
  return [newest, ...baseline.earlier].filter((each) => each.id !== id).slice(0, EARLIER_MAX);
}

/** Takes a baseline away. @throws {ConfigError} with the nearest name when there is none of that name */
export async function dropBaseline(base: string, name: string): Promise<void> {
  await readBaseline(base, name);
  await rm(pathOf(base, name));
}

/** Why a run cannot be what others are measured by; undefined when it can. */
export function whyNoBaseline({
  verdict,
  exploratory,
  thresholds,
  requests,
}: Pick<RunJson, 'verdict' | 'exploratory' | 'thresholds' | 'requests'>): string | undefined {
  if (exploratory !== undefined) return 'expected a run that nobody changed while it ran; this one is exploratory';
  // what has no thresholds is compared all the more, if it did anything
  if (verdict.outcome === 'not-judged' && thresholds.length === 0 && hasSucceeded(requests)) return undefined;
  if (verdict.outcome !== 'passed') return `expected a run that passed; this one is ${outcomeName(verdict.outcome)}`;
  return undefined;
}

function hasSucceeded(requests: RunJson['requests']): boolean {
  const all = requests.at(-1);
  return all !== undefined && all.count > all.failed;
}

/** @throws {ConfigError} with the nearest name when there is none of that name */
export async function readBaseline(base: string, name: string): Promise<RunJson & Partial<Baseline>> {
  const names = baselineNames(base);
  if (!names.includes(name)) {
    const near = nearestOf(name, names);
    throw new ConfigError(
      WHERE,
      `expected a baseline, ${names.length === 0 ? 'but there is none yet' : `one of ${names.join(', ')}`}; got ${JSON.stringify(name)}`,
      near === undefined ? {} : { hint: `did you mean ${near}?` },
    );
  }
  return readRunJson(pathOf(base, name));
}

/** Sorted. */
export function baselineNames(base: string): string[] {
  const folder = join(base, BASELINES_FOLDER);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json') && NAME.test(basename(file, '.json')))
    .map((file) => basename(file, '.json'))
    .sort();
}

/** Names of baselines by the id of the run that they are. A damaged file is nobody's. */
export function baselinesByRun(base: string): Map<string, string[]> {
  const byRun = new Map<string, string[]>();
  for (const name of baselineNames(base)) {
    const id = runIdOf(pathOf(base, name));
    if (id !== undefined) byRun.set(id, [...(byRun.get(id) ?? []), name]);
  }
  return byRun;
}

function runIdOf(path: string): string | undefined {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) as Partial<RunJson>).run?.id;
  } catch {
    return undefined;
  }
}

/** What says nothing of the next run, and may be large, is left out; histograms become a line of numbers for each request. */
function reduced(result: RunJson): RunJson {
  const {
    kept: _kept,
    series: _series,
    details = [],
    byTag: _byTag,
    groups: _groups,
    uncounted: _uncounted,
    tasks: _tasks,
    ...rest
  } = result;
  return {
    ...rest,
    errors: [],
    notes: [],
    metrics: {},
    checks: [],
    details: details.map(({ responseTimeHdr, ...detail }) => ({
      ...detail,
      percentilesMs: {},
      responseTimeHdr: null,
      durationHdr: null,
      phasesMs: null,
      serverMs: [],
      ...(responseTimeHdr === null ? {} : { responseTimeUs: bucketsOf(responseTimeHdr) }),
    })),
  };
}

function pathOf(base: string, name: string): string {
  return join(base, BASELINES_FOLDER, `${name}.json`);
}
