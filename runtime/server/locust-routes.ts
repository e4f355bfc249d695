import { type Context, Hono } from 'hono';
import type { RunJson } from '../core/run-json.ts';
import type { LogLine } from '../views/api.ts';
import { exceptionsCsv, failuresCsv, isException, statsCsv, statsHistoryCsv } from '../views/locust-csv.ts';
import { type Access, isForeign } from './access.ts';
import { type Backend, ConflictError, isLive, NotFoundError, type WatchedRun } from './backend.ts';
import { locustStats } from './locust-stats.ts';
import { REPORT_POLICY } from './run-files.ts';

/** Lines of the log that Locust gives. */
const LINES_MAX = 500;

/** Downloads by address: what the file is called, and what is in it. */
const FILES: Readonly<Record<string, readonly [name: string, textOf: (run: RunJson) => string | undefined]>> = {
  '/stats/requests/csv': ['requests', statsCsv],
  '/stats/requests_full_history/csv': ['requests_full_history', ({ series }) => series && statsHistoryCsv(series)],
  '/stats/failures/csv': ['failures', failuresCsv],
  '/exceptions/csv': ['exceptions', exceptionsCsv],
};

/**
 * What Locust has at these addresses, of the run that goes on or was last: for tools that know Locust.
 * @see https://docs.locust.io/en/stable/retrieving-stats.html
 */
export function locustRoutes(backend: Backend, access: Access): Hono {
  const app = new Hono();
  app.get('/stats/requests', (c) => c.json(locustStats(backend.current?.log)));
  for (const [address, [name, textOf]] of Object.entries(FILES))
    app.get(address, (c) => {
      const run = runOf(backend);
      const text = textOf(run.soFar());
      if (text === undefined) throw new NotFoundError('expected a run that is known second by second');
      return c.text(text, 200, {
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': attachment(`${name}_${run.log.id}.csv`),
      });
    });
  app.get('/exceptions', (c) => c.json({ exceptions: exceptionsOf(runOf(backend)) }));
  app.get('/tasks', (c) => c.json(tasksOf(runOf(backend).soFar())));
  app.get('/logs', (c) => c.json({ master: runOf(backend).log.view([]).logs.slice(-LINES_MAX).map(lineOf), workers: {} }));
  app.get('/stats/report', (c) => {
    const run = runOf(backend);
    const isDownload = c.req.query('download') !== undefined;
    const disposition = isDownload ? attachment(`report_${run.log.id}.html`) : 'inline';
    return c.html(run.report(), 200, { 'content-security-policy': REPORT_POLICY, 'content-disposition': disposition });
  });
  // Locust's own is a GET: a tool may send one, a page of another site may not
  app.on(['GET', 'POST'], '/stats/reset', (c) => reset(c, backend, access));
  return app;
}

function reset(c: Context, backend: Backend, access: Access): Response {
  if (isForeign(c, access))
    return c.json({ error: { message: 'expected a request of this page or of no page; it came from another one' } }, 403);
  const run = runOf(backend);
  if (!isLive(run)) throw new ConflictError('expected a run that goes on; it is over');
  run.reset();
  return c.text('ok');
}

/** @throws {NotFoundError} before the first run */
function runOf({ current }: Backend): WatchedRun {
  if (current === undefined) throw new NotFoundError('expected a run; none has begun yet');
  return current;
}

function exceptionsOf({ log }: WatchedRun): Record<string, unknown>[] {
  return (log.live?.errors ?? [])
    .filter(isException)
    .map(({ count, name, sample }) => ({ count, msg: sample.split('\n')[0] || name, traceback: sample, nodes: 'local' }));
}

/** By the weights of the script's mix; a script without one is a single task. */
function tasksOf({ run, tasks = [] }: RunJson): Record<string, unknown> {
  const ratios = Object.fromEntries(tasks.map(({ task, askedRatio }) => [task, { ratio: askedRatio }]));
  const name = run.script.split(/[\\/]/).pop() ?? run.script;
  const all = { [name]: { ratio: 1, tasks: tasks.length === 0 ? { default: { ratio: 1 } } : ratios } };
  return { per_class: all, total: all };
}

function lineOf({ atMs, level, text }: LogLine): string {
  return `[${new Date(atMs).toISOString()}] ${level.toUpperCase()}: ${text}`;
}

function attachment(name: string): string {
  return `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`;
}
