import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { compare } from '../comparison/compare.ts';
import { comparisonLines } from '../comparison/comparison-text.ts';
import { DEFAULT_REGRESSION } from '../comparison/regression.ts';
import { type RowSummary, rowSummariesOf } from '../comparison/row-summary.ts';
import { ConfigError, EXIT } from '../core/errors.ts';
import { baselineNames, readBaseline } from '../history/baselines.ts';
import { type ComparedRun, differencesOf } from '../history/compare-runs.ts';
import { findRun } from '../history/find-run.ts';
import { keptPlanOf } from '../history/plan-file.ts';
import { RUN_JSON_FILE } from '../history/run-folder.ts';
import { readRunJson } from '../history/run-json-file.ts';
import type { RunOutput } from '../run/output.ts';

interface Side {
  readonly name: string;
  readonly compared: ComparedRun;
  /** Newest first. */
  readonly runs: readonly (readonly RowSummary[])[];
}

/** `stressrun compare A B`. @returns 99 for a regression, 111 where `--strict` refuses, else 0 */
export async function compareRuns({
  runDir,
  sides,
  isStrict,
  output,
}: {
  runDir: string;
  sides: readonly string[];
  isStrict: boolean;
  output: RunOutput;
}): Promise<number> {
  const [first, second] = sides;
  if (first === undefined || second === undefined)
    throw new ConfigError('compare', `expected two runs or baselines, such as "main latest"; got ${JSON.stringify(first ?? '')}`);
  const [before, now] = [await sideOf(runDir, first), await sideOf(runDir, second)];
  const differences = differencesOf([before.compared, now.compared]);
  if (isStrict && differences.length > 0) {
    output.result(['Not compared: they did not do the same.', ...differences.map((line) => `  - ${line}`)].join('\n'));
    return EXIT.inconclusive;
  }
  const compared = compare(before.runs, now.runs[0] ?? [], DEFAULT_REGRESSION);
  output.result(comparisonLines(compared, { names: [before.name, now.name], differences }).join('\n'));
  return compared.rows.some(({ verdict }) => verdict === 'regression') ? EXIT.thresholdMissed : EXIT.passed;
}

/** A baseline by its name, else a run. @throws {ConfigError} where there is neither */
async function sideOf(runDir: string, name: string): Promise<Side> {
  if (baselineNames(runDir).includes(name)) {
    const result = await readBaseline(runDir, name);
    const { baseline } = result;
    if (baseline?.rows === undefined)
      throw new ConfigError('compare', `expected a baseline with what a comparison needs; ${name} is of an older version`, {
        hint: `stressrun baseline save ${result.run.id} ${name}`,
      });
    const runs = [baseline.rows, ...baseline.earlier.map(({ rows }) => rows)];
    return { name: `baseline ${name} (${result.run.id})`, compared: { result, plan: undefined, facts: baseline.facts }, runs };
  }
  const folder = findRun(runDir, name);
  const file = join(folder, RUN_JSON_FILE);
  if (!existsSync(file)) throw new ConfigError('compare', `expected a run that came to its end; ${basename(folder)} has no run.json`);
  const result = await readRunJson(file);
  return { name: result.run.id, compared: { result, plan: keptPlanOf(folder) }, runs: [rowSummariesOf(result)] };
}
