import { existsSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError, StressrunError } from '../core/errors.ts';
import type { RunPlan } from '../core/plan.ts';
import { type GeneratorSecond, NO_STARTS, type StartCounts } from '../core/records.ts';
import type { RunJson } from '../core/run-json.ts';
import { findRun } from '../history/find-run.ts';
import { issueText } from '../history/issue-text.ts';
import { type JournalLine, readJournal } from '../history/journal.ts';
import { JOURNAL_FILE, PLAN_FILE, RUN_JSON_FILE } from '../history/run-folder.ts';
import { readRunJson } from '../history/run-json-file.ts';
import type { SeriesDelta } from '../metrics/delta.ts';
import { seriesDeltaSchema } from '../metrics/delta-schema.ts';
import { ErrorBook } from '../metrics/error-book.ts';
import { MetricStore } from '../metrics/store.ts';
import { renderConsole } from '../report/console.ts';
import type { ReportRunInput } from './output.ts';
import { runJsonOf } from './run-json-of.ts';

/** `stressrun report <run>`: the result again; of a run that was killed, from what its journal holds. */
export async function reportRun({ run, output, runDir, jsonPath }: ReportRunInput): Promise<number> {
  const folder = findRun(runDir, run);
  const file = join(folder, RUN_JSON_FILE);
  const result = existsSync(file)
    ? await readRunJson(file)
    : await intact(
        folder,
        resultOfJournal(folder, (remark) => output.note(remark)),
      );
  if (jsonPath !== undefined)
    await writeFile(jsonPath, `${JSON.stringify(result, undefined, 2)}\n`).catch((error: Error) => {
      throw new ConfigError('--json', `expected a file that can be written; got ${JSON.stringify(jsonPath)} (${error.message})`, {
        cause: error,
      });
    });
  output.result(renderConsole(result, { isColor: output.isColor, columns: output.columns, runFolder: folder }));
  return 0;
}

/** Files that somebody changed may be well-formed and still make no run. @throws {ConfigError} in place of whatever that leads to */
async function intact(folder: string, result: Promise<RunJson>): Promise<RunJson> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const why = error instanceof StressrunError ? ` (${error.message})` : '';
    throw new ConfigError(folder, `expected ${PLAN_FILE} and ${JOURNAL_FILE} as a run wrote them; they do not fit${why}`, {
      cause: error,
    });
  }
}

/** What a journal holds of a run that never came to its report. */
async function resultOfJournal(folder: string, onRemark: (remark: string) => void): Promise<RunJson> {
  const plan = readPlan(join(folder, PLAN_FILE));
  const store = new MetricStore();
  const errors = new ErrorBook();
  const generator = new Map<number, GeneratorSecond[]>();
  let first: JournalLine | undefined;
  let last: JournalLine | undefined;
  let measuringSinceMs: number | undefined;
  for await (const line of readJournal(join(folder, JOURNAL_FILE), onRemark)) {
    first ??= line;
    last = line;
    if (line.event?.includes('measuring')) measuringSinceMs = line.atMs;
    store.merge(0, deltasOf(line, folder));
    errors.merge(line.errors ?? []);
    addGenerator(generator, line);
  }
  if (first === undefined || last === undefined)
    throw new ConfigError(join(folder, JOURNAL_FILE), 'expected at least one line; got none: the run was killed before its first second');
  const measuredS = measuringSinceMs === undefined ? 0 : (last.atMs - measuringSinceMs) / 1000;
  return runJsonOf({
    plan,
    baseUrl: plan.environment.baseUrl,
    startedMs: first.atMs,
    measuredS,
    store,
    errors: errors.rows(),
    starts: { ...NO_STARTS, ...(last.starts as Partial<StartCounts> | undefined) },
    generator: [...generator.values()],
    ending: { interrupted: 'the run was killed; this is what its journal holds' },
    notes: [],
  });
}

function readPlan(path: string): RunPlan {
  try {
    const plan = JSON.parse(readFileSync(path, 'utf8')) as RunPlan;
    if (plan.version !== 1 || !Array.isArray(plan.thresholds)) throw new Error('it is no plan of version 1');
    return plan;
  } catch (error) {
    throw new ConfigError(path, `expected the plan of a run; ${(error as Error).message}`, { cause: error });
  }
}

function deltasOf(line: JournalLine, folder: string): SeriesDelta[] {
  return line.deltas.map((delta) => {
    const parsed = seriesDeltaSchema.safeParse(delta);
    if (!parsed.success)
      throw new ConfigError(
        join(folder, JOURNAL_FILE),
        `second ${line.second}: expected the numbers of a series; ${issueText(parsed.error, 'the series')}`,
      );
    return parsed.data as SeriesDelta;
  });
}

function addGenerator(generator: Map<number, GeneratorSecond[]>, line: JournalLine): void {
  const workers = line.generator?.['workers'];
  if (!Array.isArray(workers)) return;
  workers.forEach((sample: GeneratorSecond, worker) => {
    const seconds = generator.get(worker) ?? [];
    if (seconds.at(-1)?.second !== sample.second) seconds.push(sample);
    generator.set(worker, seconds);
  });
}
