import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Context, Hono } from 'hono';
import { baselinesByRun, saveBaseline, whyNoBaseline } from '../history/baselines.ts';
import { RUN_JSON_FILE } from '../history/run-folder.ts';
import { readRunJson } from '../history/run-json-file.ts';
import { RunList, trendOf } from '../history/run-list.ts';
import type { RunEntry, RunView, Status } from '../views/api.ts';
import { type Backend, ConflictError, isLive, NotFoundError, type WatchedRun } from './backend.ts';
import { comparisonOf } from './comparison.ts';
import { eventStream } from './event-stream.ts';
import { PastRuns } from './past-run.ts';
import { fileResponse, filesOf, folderOf } from './run-files.ts';
import { serveOperations } from './serve-operations.ts';

/** The API of `views/api.ts`. */
export function apiRoutes(backend: Backend): Hono {
  const list = new RunList({ base: backend.runDir, projectFolder: backend.projectFolder });
  const past = new PastRuns();
  return serveOperations({
    'get /options': () => backend.options(),
    'get /status': () => statusOf(backend),
    'post /plan': (_, form) => backend.plan(form),
    'post /runs': async (_, form) => ({ id: (await backend.start(form)).log.id }),
    'get /runs': () => entriesOf(backend, list),
    'get /trend': async (c) => trendOf(await list.all(), { script: c.req.query('script'), profile: c.req.query('profile') }),
    'get /compare': (c) => comparisonOf(backend.runDir, list, c.req.query('runs') ?? ''),
    'get /runs/{id}': async (c) => {
      const run = watched(backend, idOf(backend, c));
      if (run !== undefined) return viewOf(backend, run);
      const entry = await list.one(idOf(backend, c));
      if (entry === undefined) throw new NotFoundError('expected the id of a kept run; there is none of that name');
      return past.view(folderOf(backend.runDir, entry.id), entry);
    },
    'get /runs/{id}/events': (c) => {
      const run = watched(backend, idOf(backend, c));
      if (run !== undefined) return eventStream(c, run.log);
      folderOf(backend.runDir, idOf(backend, c));
      return c.body(null, 204); // it is over: all of it is in the run itself
    },
    'post /runs/{id}/edit': (c, form) => live(backend, idOf(backend, c)).edit(form),
    'post /runs/{id}/stop': (c, { how }) => {
      live(backend, idOf(backend, c)).stop(how);
      return {};
    },
    'post /runs/{id}/reset': (c) => {
      live(backend, idOf(backend, c)).reset();
      return {};
    },
    'get /runs/{id}/files/{name}': (c) =>
      fileResponse(folderOf(backend.runDir, idOf(backend, c)), c.req.param('name') ?? '', c.req.query('download') !== undefined),
    'post /runs/{id}/baseline': async (c, { name }) => {
      await keepAsBaseline(backend.runDir, idOf(backend, c), name);
      return {};
    },
  });
}

function idOf(backend: Backend, c: Context): string {
  const id = c.req.param('id') ?? '';
  return id === 'current' ? (watched(backend, id)?.log.id ?? '') : id;
}

/** @throws {ConflictError} for a run that cannot be one */
async function keepAsBaseline(runDir: string, run: string, name: string): Promise<void> {
  const file = join(folderOf(runDir, run), RUN_JSON_FILE);
  const refusal = existsSync(file) ? whyNoBaseline(await readRunJson(file)) : 'expected a run that came to its end; this one has no result';
  if (refusal !== undefined) throw new ConflictError(refusal);
  await saveBaseline(runDir, { run, name });
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
