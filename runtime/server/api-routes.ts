import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import type { RunJson } from '../core/run-json.ts';
import { baselinesByRun, readBaseline, saveBaseline, whyNoBaseline } from '../history/baselines.ts';
import { compareRows, differencesOf, type KeptPlan, loadWords, targetWords } from '../history/compare-runs.ts';
import { PLAN_FILE, RUN_JSON_FILE } from '../history/run-folder.ts';
import { readRunJson } from '../history/run-json-file.ts';
import { keptRunOf, RunList, trendOf } from '../history/run-list.ts';
import type { Comparison, RunEntry, RunView, Status } from '../views/api.ts';
import { baselineForm, editForm, startForm, stopForm } from './api-schema.ts';
import { type Backend, ConflictError, isLive, NotFoundError, type WatchedRun } from './backend.ts';
import { eventStream } from './event-stream.ts';
import { PastRuns } from './past-run.ts';
import { fileResponse, filesOf, folderOf } from './run-files.ts';

/** Runs compared at most. */
const COMPARED_MAX = 10;
/** What a baseline is called where a run could stand. */
const BASELINE_PREFIX = 'baseline:';

/** The API of `api.ts`. */
export function apiRoutes(backend: Backend): Hono {
  const app = new Hono();
  const list = new RunList({ base: backend.runDir, projectFolder: backend.projectFolder });
  app.get('/options', async (c) => c.json(await backend.options()));
  app.get('/status', (c) => c.json(statusOf(backend)));
  app.post('/plan', async (c) => c.json(await backend.plan(await formOf(c, startForm))));
  app.post('/runs', async (c) => c.json({ id: (await backend.start(await formOf(c, startForm))).log.id }, 201));
  app.get('/runs', async (c) => c.json(await entriesOf(backend, list)));
  app.get('/trend', async (c) => c.json(trendOf(await list.all(), { script: c.req.query('script'), profile: c.req.query('profile') })));
  app.get('/compare', async (c) => c.json(await comparisonOf(backend, list, c.req.query('runs') ?? '')));
  return app.route('/runs/:id', runRoutes(backend, list));
}

function runRoutes(backend: Backend, list: RunList): Hono {
  const app = new Hono();
  const past = new PastRuns();
  const idOf = (c: Context): string => {
    const id = c.req.param('id') ?? '';
    return id === 'current' ? (watched(backend, id)?.log.id ?? '') : id;
  };
  app.get('/', async (c) => {
    const run = watched(backend, idOf(c));
    if (run !== undefined) return c.json(viewOf(backend, run));
    const entry = await list.one(idOf(c));
    if (entry === undefined) throw new NotFoundError('expected the id of a kept run; there is none of that name');
    return c.json(await past.view(folderOf(backend.runDir, entry.id), entry));
  });
  app.get('/events', (c) => {
    const run = watched(backend, idOf(c));
    if (run !== undefined) return eventStream(c, run.log);
    folderOf(backend.runDir, idOf(c));
    return c.body(null, 204); // it is over: all of it is in the run itself
  });
  app.post('/edit', async (c) => c.json(await live(backend, idOf(c)).edit(await formOf(c, editForm)), 202));
  app.post('/stop', async (c) => {
    const { how } = await formOf(c, stopForm);
    live(backend, idOf(c)).stop(how);
    return c.json({}, 202);
  });
  app.post('/reset', (c) => {
    live(backend, idOf(c)).reset();
    return c.json({}, 202);
  });
  app.get('/files/:name', (c) =>
    fileResponse(folderOf(backend.runDir, idOf(c)), c.req.param('name'), c.req.query('download') !== undefined),
  );
  app.post('/baseline', async (c) => {
    const { name } = await formOf(c, baselineForm);
    const folder = folderOf(backend.runDir, idOf(c));
    const file = join(folder, RUN_JSON_FILE);
    const refusal = existsSync(file)
      ? whyNoBaseline(await readRunJson(file))
      : 'expected a run that came to its end; this one has no result';
    if (refusal !== undefined) throw new ConflictError(refusal);
    await saveBaseline(backend.runDir, { run: idOf(c), name });
    return c.json({}, 201);
  });
  return app;
}

function statusOf({ current, isPlanning }: Backend): Status {
  return { id: current?.log.id ?? null, state: current?.log.state ?? null, isPlanning };
}

/** The live or last run, when it is the one that is meant. */
function watched({ current }: Backend, id: string): WatchedRun | undefined {
  return current !== undefined && (id === 'current' || id === current.log.id) ? current : undefined;
}

/** @throws {ConflictError} when the run is over, {NotFoundError} when it was never there */
function live(backend: Backend, id: string): WatchedRun {
  const run = watched(backend, id);
  if (run !== undefined && isLive(run)) return run;
  if (run === undefined) folderOf(backend.runDir, id);
  throw new ConflictError('expected a run that goes on; it is over');
}

/** What the run itself does not know: what lies in its folder, and the baselines that it became. */
function viewOf({ runDir }: Backend, { log }: WatchedRun): RunView {
  const folder = join(runDir, log.id);
  const view = log.view(existsSync(folder) ? filesOf(folder) : []);
  if (view.state !== 'ended') return view; // nothing more is read beside the load
  return { ...view, entry: { ...view.entry, baselines: baselinesByRun(runDir).get(log.id) ?? [] } };
}

async function entriesOf(backend: Backend, list: RunList): Promise<RunEntry[]> {
  const kept: RunEntry[] = await list.all();
  const { current } = backend;
  if (current === undefined || !isLive(current)) return kept;
  return [current.log.entry, ...kept.filter(({ id }) => id !== current.log.id)];
}

/** @throws {ConfigError} for too few or too many, {NotFoundError} for what is no run with a result */
async function comparisonOf({ runDir }: Backend, list: RunList, text: string): Promise<Comparison> {
  const names = text.split(',').filter((name) => name !== '');
  if (names.length < 2 || names.length > COMPARED_MAX)
    throw new ConfigError('runs', `expected 2 to ${COMPARED_MAX} ids of runs with commas between; got ${names.length}`);
  const found = await Promise.all(
    names.map(async (name) => {
      if (name.startsWith(BASELINE_PREFIX)) {
        const result = await readBaseline(runDir, name.slice(BASELINE_PREFIX.length));
        return { name, result, plan: planOf(join(runDir, result.run.id)) };
      }
      const folder = folderOf(runDir, name);
      const file = join(folder, RUN_JSON_FILE);
      if (!existsSync(file)) throw new NotFoundError(`expected a run with a result; ${name} has none`);
      return { name, result: await readRunJson(file), plan: planOf(folder) };
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

function planOf(folder: string): KeptPlan | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, PLAN_FILE), 'utf8')) as KeptPlan;
  } catch {
    return undefined;
  }
}

/** @throws {ConfigError} saying which field is not as it should be */
async function formOf<Schema extends z.ZodType>(c: Context, schema: Schema): Promise<z.output<Schema>> {
  let body: unknown;
  try {
    body = await c.req.json();
  } catch (error) {
    throw new ConfigError('', 'expected a body of JSON', { cause: error });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(issue?.path.join('.') ?? '', issue?.message ?? 'expected a form');
}
