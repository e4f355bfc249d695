import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EXIT } from '../core/errors.ts';
import type { Redactor } from '../core/redactor.ts';
import type { RunJson } from '../core/run-json.ts';
import { createRunFolder } from '../history/run-folder.ts';
import { summaryExportOf } from '../report/handle-summary.ts';
import { type BegunRun, summaryMaterialOf } from './begun-run.ts';
import { completeRun } from './complete-run.ts';
import type { RunTestInput } from './output.ts';
import { printResult, writeJson } from './result-output.ts';
import type { SummaryOutput } from './summary-files.ts';
import { writeReports } from './write-reports.ts';

interface Ended {
  /** The result as it stands, with all notes. */
  readonly result: () => RunJson;
  /** As plan.json has it. */
  readonly plan: unknown;
  readonly redactor: Redactor;
  readonly input: RunTestInput;
  readonly summary: SummaryOutput | undefined;
}

/** The result, and the folder that has it; undefined: none has. */
export interface Kept {
  readonly result: RunJson;
  readonly folder: string | undefined;
}

/**
 * Writes the result of a run everywhere it belongs, and shows it. A run folder that cannot be written is replaced by one among the temporary files.
 * @returns the result; it is an error (113) when it would be a 0 and could not be kept, or lacks a file of its folder or one that a flag asks for
 */
export async function keepResult(begun: BegunRun, ended: Ended): Promise<Kept> {
  const { recording } = begun;
  const { input, redactor, plan } = ended;
  const { output, jsonPath, summaryExportPath, reports = {} } = input;
  const { timeline, store, latencyLog } = recording;
  let result = completeRun(ended.result(), { timeline, store, plan, redactor });
  const folder = await keptFolder(begun, result, ended);
  const tell = (problem: string): void => output.note(problem);
  const unkept: string[] = folder === undefined ? [begun.folder.path] : [];
  if (summaryExportPath !== undefined) {
    const value = redactor.json(summaryExportOf(summaryMaterialOf(begun, result, output.isTty)));
    if (!(await writeJson('--summary-export', summaryExportPath, { value, onProblem: tell }))) unkept.push(summaryExportPath);
  }
  const path = folder?.path ?? begun.folder.path;
  const request = { run: result, plan, latencyLog, redactor, folder: path, flags: reports, env: input.around.variables, output };
  const { inFolder, asked } = await writeReports(request);
  // a folder that is not there at all is told once
  unkept.push(...(folder === undefined ? [] : inFolder), ...asked);
  const isJsonKept = async (): Promise<boolean> =>
    jsonPath === undefined || (await writeJson('--json', jsonPath, { value: result, onProblem: tell }));
  if (unkept.length > 0) result = unkeptResult(result, unkept);
  if (!(await isJsonKept())) result = unkeptResult(result, [...unkept, jsonPath ?? '']);
  if (result.run.exitCode === EXIT.unkept) await folder?.writeRunJson(result);
  printResult(result, { output, runFolder: path, summary: ended.summary });
  return { result, folder: folder?.path };
}

/** Where the result is kept: the run folder, else one among the temporary files; undefined: nowhere. */
async function keptFolder(begun: BegunRun, result: RunJson, { plan, redactor, input }: Ended): Promise<BegunRun['folder'] | undefined> {
  const isKept = await begun.folder.writeRunJson(result);
  await begun.folder.close();
  if (isKept) return begun.folder;
  try {
    const base = mkdtempSync(join(tmpdir(), 'stressrun-'));
    const elsewhere = createRunFolder(base, result.run.id, { onProblem: () => undefined, redactor });
    const isKeptThere = await elsewhere.writeRunJson(result);
    await elsewhere.writePlan(plan);
    await elsewhere.close();
    if (!isKeptThere) return undefined;
    input.output.note(`${begun.folder.path} could not be written: the result is kept in ${elsewhere.path}`);
    return elsewhere;
  } catch {
    return undefined; // not even there
  }
}

/** A pipeline that looks at the exit code alone must not take a result for kept that is not. */
function unkeptResult(result: RunJson, paths: readonly string[]): RunJson {
  if (result.run.exitCode !== EXIT.passed && result.run.exitCode !== EXIT.unkept) return result;
  const reason = `the result could not be kept: ${paths.join(', ')} cannot be written`;
  const earlier = result.run.exitCode === EXIT.unkept ? [] : result.verdict.reasons;
  return {
    ...result,
    run: { ...result.run, exitCode: EXIT.unkept },
    verdict: { outcome: 'error', reasons: [reason, ...earlier] },
  };
}
