import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { byFlag } from '../config/flag-values.ts';
import { ConfigError, EXIT, StressrunError } from '../core/errors.ts';
import type { RunPlan } from '../core/plan.ts';
import type { RunJson } from '../core/run-json.ts';
import { findRun } from '../history/find-run.ts';
import { compactJson } from '../history/json-text.ts';
import { keptPlanOf, readPlan } from '../history/plan-file.ts';
import { JOURNAL_FILE, PLAN_FILE, RUN_JSON_FILE } from '../history/run-folder.ts';
import { readRunJson } from '../history/run-json-file.ts';
import { type JournalContent, readWholeJournal } from '../record/read-journal.ts';
import { tagTablesOf } from '../record/tag-tables.ts';
import { renderConsole } from '../report/console.ts';
import { completeRun, environmentOf } from '../run/complete-run.ts';
import type { ReportFlags } from '../run/output.ts';
import { runJsonOf } from '../run/run-json-of.ts';
import { reportIn, writeReports, writeWhere } from '../run/write-reports.ts';
import type { ReportRunInput } from './inputs.ts';

/** A run folder as it was read. */
interface KeptRun {
  readonly result: RunJson;
  /** Undefined where there is none that can be read. */
  readonly plan: unknown;
  /** Undefined where there is none that can be read, and none is needed. */
  readonly journal: JournalContent | undefined;
}

/** `stressrun report <run>`: every report again; of a run that was killed, from what its journal holds. @returns 0, or 113 when a file that a flag asks for could not be written */
export async function reportRun({ run, output, runDir, jsonPath, reports = {} }: ReportRunInput): Promise<number> {
  const folder = findRun(runDir, run);
  const tell = (remark: string): void => output.note(remark);
  const found = await kept(folder, tell, reports.isCsvFullHistory === true);
  const { plan, journal } = found;
  const result = withTables(found, folder, reports);
  if (jsonPath !== undefined)
    await writeWhere(jsonPath, `${compactJson(JSON.stringify(result, undefined, 2))}\n`).catch((error: Error) => {
      throw new ConfigError('--json', `expected a file that can be written; got ${JSON.stringify(jsonPath)} (${error.message})`, {
        cause: error,
      });
    });
  const { asked } = await writeReports({ run: result, plan, latencyLog: journal?.latencyLog, folder, flags: reports, output });
  output.result(renderConsole(result, { isColor: output.isColor, columns: output.columns, ...reportIn(folder) }));
  return asked.length === 0 ? EXIT.passed : EXIT.unkept;
}

/** A run.json that a full disk left empty or cut short is as good as none. */
async function kept(folder: string, tell: (remark: string) => void, isFullHistory: boolean): Promise<KeptRun> {
  if (!existsSync(join(folder, RUN_JSON_FILE))) return killed(folder, tell, isFullHistory);
  try {
    return await finished(folder, tell, isFullHistory);
  } catch (error) {
    if (!(error instanceof ConfigError) || !existsSync(join(folder, JOURNAL_FILE)) || isJson(join(folder, RUN_JSON_FILE))) throw error;
    tell(`${error.message}; this is what the journal beside it holds`);
    return killed(folder, tell, isFullHistory);
  }
}

function isJson(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

/** What its run.json says stays; an older one gets what its journal can give. */
async function finished(folder: string, tell: (remark: string) => void, isFullHistory: boolean): Promise<KeptRun> {
  const run = await readRunJson(join(folder, RUN_JSON_FILE));
  const plan = keptPlanOf(folder);
  const journal = await wholeJournal(folder, tell, isFullHistory);
  if (isFullHistory && journal !== undefined) run.series = journal.timeline.data();
  else if (isFullHistory && run.series?.rows.some(({ history }) => history !== undefined) !== true)
    throw new ConfigError('--csv-full-history', `expected ${JOURNAL_FILE} of the run, which alone has that; there is none in ${folder}`);
  if (journal === undefined || (run.series !== undefined && run.details !== undefined))
    return { result: { environment: environmentOf(plan), ...run }, plan, journal };
  return { result: { ...completeRun(run, { timeline: journal.timeline, store: journal.store, plan }), ...run }, plan, journal };
}

/** Undefined when there is none; one that is damaged is told and left out. */
async function wholeJournal(folder: string, tell: (remark: string) => void, isFullHistory: boolean): Promise<JournalContent | undefined> {
  const path = join(folder, JOURNAL_FILE);
  if (!existsSync(path)) return undefined;
  try {
    return await readWholeJournal(path, tell, { isFullHistory });
  } catch (error) {
    if (!(error instanceof StressrunError)) throw error;
    tell(`${error.message}; what only the journal knows is left out`);
    return undefined;
  }
}

/** What a journal holds of a run that never came to its report. @throws {ConfigError} also when somebody changed files so that they make no run */
async function killed(folder: string, tell: (remark: string) => void, isFullHistory: boolean): Promise<KeptRun> {
  try {
    const plan = readPlan(folder);
    const journal = await readWholeJournal(join(folder, JOURNAL_FILE), tell, { isFullHistory });
    const result = completeRun(resultOf(folder, journal, plan), { timeline: journal.timeline, store: journal.store, plan });
    return { result, plan, journal };
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const why = error instanceof StressrunError ? ` (${error.message})` : '';
    throw new ConfigError(folder, `expected ${PLAN_FILE} and ${JOURNAL_FILE} as a run wrote them; they do not fit${why}`, {
      cause: error,
    });
  }
}

/**
 * Tables by tags that were asked for now: from the journal, which has every series, or those that the run itself had.
 * @throws {ConfigError} for a tag that no request had, or that nothing is kept of
 */
function withTables({ result, journal }: KeptRun, folder: string, { by = [] }: ReportFlags): RunJson {
  byFlag(by);
  const kept = result.byTag ?? [];
  const lacking = by.filter((tag) => !kept.some((table) => table.tag === tag));
  if (lacking.length === 0) return result;
  if (journal === undefined)
    throw new ConfigError('--by', `expected ${JOURNAL_FILE} of the run, which alone has its tags; there is none in ${folder}`);
  const { tables, unknown, seen, notes } = tagTablesOf(journal.store, lacking, result.run.durationS);
  if (unknown.length > 0)
    throw new ConfigError(
      '--by',
      `expected tags of the run's requests (${seen.join(', ')}); got ${unknown.map((tag) => `"${tag}"`).join(', ')}`,
    );
  return { ...result, byTag: [...kept, ...tables], notes: [...result.notes, ...notes] };
}

function resultOf(folder: string, journal: JournalContent, plan: RunPlan): RunJson {
  if (journal.startedMs === undefined)
    throw new ConfigError(join(folder, JOURNAL_FILE), 'expected at least one line; got none: the run was killed before its first second');
  return runJsonOf({
    plan,
    baseUrl: plan.environment.baseUrl,
    startedMs: journal.startedMs,
    measuredS: journal.measuredS,
    store: journal.store,
    errors: journal.errors.rows(),
    starts: journal.starts,
    generator: [...journal.generator.values()],
    ending: { interrupted: 'the run was killed; this is what its journal holds' },
    notes: [],
  });
}
