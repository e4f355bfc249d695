import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '../core/errors.ts';
import type { RunJson } from '../core/run-json.ts';
import { readBaseline } from '../history/baselines.ts';
import { compareRows, differencesOf, loadWords, targetWords } from '../history/compare-runs.ts';
import { keptPlanOf } from '../history/plan-file.ts';
import { RUN_JSON_FILE } from '../history/run-folder.ts';
import { readRunJson } from '../history/run-json-file.ts';
import { keptRunOf, type RunList } from '../history/run-list.ts';
import type { Comparison } from '../views/api.ts';
import { NotFoundError } from './backend.ts';
import { folderOf } from './run-files.ts';

/** Runs compared at most. */
const COMPARED_MAX = 10;
/** What a baseline is called where a run could stand. */
const BASELINE_PREFIX = 'baseline:';

/** @param text - ids of runs with commas between, `baseline:NAME` among them @throws {ConfigError} for too few or too many, {NotFoundError} for what is no run with a result */
export async function comparisonOf(runDir: string, list: RunList, text: string): Promise<Comparison> {
  const names = text.split(',').filter((name) => name !== '');
  if (names.length < 2 || names.length > COMPARED_MAX)
    throw new ConfigError('runs', `expected 2 to ${COMPARED_MAX} ids of runs with commas between; got ${names.length}`);
  const found = await Promise.all(
    names.map(async (name) => {
      if (name.startsWith(BASELINE_PREFIX)) {
        const result = await readBaseline(runDir, name.slice(BASELINE_PREFIX.length));
        return { name, result, plan: keptPlanOf(join(runDir, result.run.id)) };
      }
      const folder = folderOf(runDir, name);
      const file = join(folder, RUN_JSON_FILE);
      if (!existsSync(file)) throw new NotFoundError(`expected a run with a result; ${name} has none`);
      return { name, result: await readRunJson(file), plan: keptPlanOf(folder) };
    }),
  );
  const runs = await Promise.all(
    found.map(async ({ name, result, plan }) => {
      const entry = (await list.one(name)) ?? { ...keptRunOf(result), script: list.shown(result.run.script) };
      const { notes, run } = result;
      const baseUrl = targetWords(plan, run.baseUrl);
      return { id: name, entry, load: loadWords(plan) ?? '', baseUrl, notes, setting: settingOf(result) };
    }),
  );
  return { runs, rows: compareRows(found.map(({ result }) => result)), differences: differencesOf(found) };
}

/** What a run was made with, as far as its result says. */
function settingOf({ run, environment = {} }: RunJson): Record<string, string> {
  const { git, versions = {}, machine = {} } = environment;
  const facts = {
    git: git == null ? '' : `${git.commit.slice(0, 12)}${git.isDirty ? ' (changed)' : ''}`,
    seed: String(run.seed),
    workers: String(run.workers),
    versions: Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
    machine: [machine['cpu'], machine['cores'] && `${machine['cores']} cores`].filter(Boolean).join(', '),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== ''));
}
