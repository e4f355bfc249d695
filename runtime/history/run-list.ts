import { existsSync, statSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { RunJson } from '../core/run-json.ts';
import type { RunEntry, TrendPoint } from '../views/api.ts';
import { baselinesByRun } from './baselines.ts';
import { loadWords } from './compare-runs.ts';
import { runIdsIn } from './find-run.ts';
import { keptPlanOf, readPlan } from './plan-file.ts';
import { PLAN_FILE, RUN_JSON_FILE } from './run-folder.ts';
import { readRunJson } from './run-json-file.ts';
import { scriptNameOf } from './script-name.ts';

interface RunListOptions {
  /** Where run folders are. */
  readonly base: string;
  /** Scripts in it are shown by their path from here. */
  readonly projectFolder: string;
}

/** Runs of a folder; each is read once, and again when its files change. */
export class RunList {
  readonly #options: RunListOptions;
  readonly #known = new Map<string, { mark: string; run: RunEntry }>();

  constructor(options: RunListOptions) {
    this.#options = options;
  }

  /** Newest first. Folders that cannot be read are left out. */
  async all(): Promise<RunEntry[]> {
    const { base } = this.#options;
    const baselines = baselinesByRun(base);
    const runs: RunEntry[] = [];
    for (const id of runIdsIn(base).toReversed()) {
      const run = await this.#read(id);
      if (run !== undefined) runs.push({ ...run, baselines: baselines.get(id) ?? [] });
    }
    return runs.sort((a, b) => b.startedMs - a.startedMs);
  }

  /** Undefined when there is no such run. */
  async one(id: string): Promise<RunEntry | undefined> {
    const { base } = this.#options;
    if (!runIdsIn(base).includes(id)) return undefined;
    const run = await this.#read(id);
    return run && { ...run, baselines: baselinesByRun(base).get(id) ?? [] };
  }

  /** Path of a script as it is shown; results of older versions have absolute ones. */
  shown(scriptPath: string): string {
    if (!isAbsolute(scriptPath)) return scriptPath;
    const path = relative(this.#options.projectFolder, scriptPath);
    return path === '' || path.startsWith('..') || isAbsolute(path) ? scriptPath : path.split(sep).join('/');
  }

  async #read(id: string): Promise<RunEntry | undefined> {
    const folder = join(this.#options.base, id);
    const file = join(folder, RUN_JSON_FILE);
    const mark = markOf(existsSync(file) ? file : join(folder, PLAN_FILE));
    const known = this.#known.get(id);
    if (known?.mark === mark) return known.run;
    try {
      const run = existsSync(file) ? keptRunOf(await readRunJson(file)) : killedRunOf(id, folder);
      const shown = { ...run, id, script: this.shown(run.script), load: loadWords(keptPlanOf(folder)) ?? '' };
      this.#known.set(id, { mark, run: shown });
      return shown;
    } catch {
      return undefined; // damaged, or of another version
    }
  }
}

/** Runs of one script under one profile, oldest first; what is undefined is not asked for. */
export function trendOf(
  runs: readonly RunEntry[],
  { script, profile }: { script?: string | undefined; profile?: string | undefined },
): TrendPoint[] {
  return runs
    .filter((run) => run.state === 'ended' && !run.isExploratory)
    .filter((run) => (script === undefined || run.script === script) && (profile === undefined || (run.profile ?? '') === profile))
    .toReversed()
    .map(({ id, profile, load, startedMs, outcome, p95Ms, perSecond, failedRatio }) => ({
      id,
      profile,
      load,
      startedMs,
      outcome,
      p95Ms,
      perSecond,
      failedRatio,
    }));
}

/** The row of a result. */
export function keptRunOf(result: RunJson): RunEntry {
  const { run, verdict, requests } = result;
  const all = requests.at(-1);
  return {
    id: run.id,
    state: 'ended',
    script: run.script,
    environment: run.environment,
    profile: run.profile,
    load: '',
    startedMs: Date.parse(run.started),
    durationS: run.durationS,
    outcome: verdict.outcome,
    requests: all?.count ?? 0,
    failedRatio: all === undefined || all.count === 0 ? 0 : all.failed / all.count,
    perSecond: all?.perSecond ?? 0,
    p95Ms: all?.responseTimeMs?.p95 ?? null,
    isExploratory: result.exploratory !== undefined,
    ...labelsOf(result),
    baselines: [],
  };
}

function labelsOf({ environment = {} }: RunJson): Pick<RunEntry, 'tags' | 'commit'> {
  const { tags, git } = environment;
  return { ...(tags === undefined ? {} : { tags }), ...(git == null ? {} : { commit: git.commit }) };
}

/** Of a run without a result only its plan is known. */
function killedRunOf(id: string, folder: string): RunEntry {
  const plan = readPlan(folder);
  return rowWithoutResult({
    id,
    state: 'unknown',
    script: scriptNameOf(plan),
    environment: plan.environment.name,
    profile: plan.profile ?? null,
    load: '',
    startedMs: statSync(join(folder, PLAN_FILE)).mtimeMs,
  });
}

/** The row of a run of which only the plan is known: it has just begun, or was killed. */
export function rowWithoutResult(
  known: Pick<RunEntry, 'id' | 'state' | 'script' | 'environment' | 'profile' | 'load' | 'startedMs'>,
): RunEntry {
  return {
    ...known,
    durationS: 0,
    outcome: null,
    requests: 0,
    failedRatio: 0,
    perSecond: 0,
    p95Ms: null,
    isExploratory: false,
    baselines: [],
  };
}

function markOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? '' : `${path} ${stat.mtimeMs} ${stat.size}`;
}
