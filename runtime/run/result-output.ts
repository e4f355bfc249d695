import { existsSync } from 'node:fs';
import { ConfigError, EXIT, type StressrunError } from '../core/errors.ts';
import type { RunJson } from '../core/run-json.ts';
import { renderConsole, renderErrorEnd } from '../report/console.ts';
import { colouredText, plainText } from '../report/plain-text.ts';
import type { RunOutput } from './output.ts';
import type { SummaryOutput } from './summary-files.ts';
import { reportIn, writeWhere } from './write-reports.ts';

/** Nothing was measured that this command was about: the reason is all there is to say. */
const ENDS_SHORT: readonly number[] = [EXIT.badInput, EXIT.scriptThrew, EXIT.unhealthy, EXIT.runaway];

/** The result on stdout. What the script's summary says for stdout stands in for ours, as in k6; the verdict is said all the same. */
export function printResult(result: RunJson, what: { output: RunOutput; runFolder: string; summary: SummaryOutput | undefined }): void {
  const { output, summary } = what;
  const runFolder = existsSync(what.runFolder) ? what.runFolder : undefined; // a note tells why there is none
  const { outcome, reasons } = result.verdict;
  if (summary?.stdout === undefined) {
    const look = { isColor: output.isColor, columns: output.columns, ...(runFolder === undefined ? {} : reportIn(runFolder)) };
    const isShort = outcome === 'error' && ENDS_SHORT.includes(result.run.exitCode);
    output.result(isShort ? renderErrorEnd(result, look) : renderConsole(result, look));
  } else {
    output.result(colouredText(summary.stdout));
    const why = reasons.map((reason) => `\n  ${plainText(reason)}`).join('');
    output.note(`${outcome}, exit code ${result.run.exitCode}${why}${runFolder === undefined ? '' : `\nrun folder: ${runFolder}`}`);
  }
  if (summary !== undefined && summary.stderr !== '') output.note(summary.stderr);
}

/** Writes a file that a flag names, and makes its folder; what goes wrong is told. @returns whether it is there */
export async function writeJson(
  flag: string,
  path: string,
  what: { value: unknown; onProblem: (problem: string) => void },
): Promise<boolean> {
  try {
    await writeWhere(path, `${JSON.stringify(what.value, undefined, 2)}\n`);
    return true;
  } catch (error) {
    what.onProblem(new ConfigError(flag, `${path} cannot be written: ${(error as Error).message}`).message);
    return false;
  }
}

/** An error with what to do about it, for one line or several. */
export function withHint(error: StressrunError): string {
  if (error.hint === undefined) return error.message;
  return error.message.includes('\n') ? `${error.message}\n  hint: ${error.hint}` : `${error.message}; ${error.hint}`;
}
