import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { EventSource } from 'undici';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventStream } from '../../../runtime/server/event-stream.ts';
import type { RunLog } from '../../../runtime/server/run-log.ts';
import { type FeedState, RunFeed } from '../../../runtime/ui/run/run-feed.ts';
import { failedRun } from '../report/fixed-runs.ts';
import { emptyLog, LIVE, logOf, secondAt } from '../server/samples.ts';

/** The run of a real server, and what was asked of it. */
let log: RunLog;
let asked: string[];
let isDown: boolean;
let close: () => Promise<void>;
const feeds: RunFeed[] = [];

beforeEach(async () => {
  [log, asked, isDown] = [emptyLog(), [], false];
  const app = new Hono()
    .use(async (c, next) => {
      asked.push(c.req.path);
      if (isDown) return c.json({ error: { message: 'not now' } }, 503);
      return next();
    })
    .get('/api/v1/runs/:id/events', (c) => eventStream(c, log))
    .get('/api/v1/runs/:id', (c) =>
      c.req.param('id') === 'none' ? c.json({ error: { message: 'no such run' } }, 404) : c.json(log.view([])),
    );
  const { server, port } = await new Promise<{ server: ReturnType<typeof serve>; port: number }>((settle) => {
    const listening = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, (info) => settle({ server: listening, port: info.port }));
  });
  // what a page has: relative addresses, a stream of events and frames
  const base = `http://127.0.0.1:${port}/`;
  const { fetch } = globalThis;
  vi.stubGlobal('fetch', (path: string, init?: RequestInit) => fetch(new URL(path, base), init));
  vi.stubGlobal(
    'EventSource',
    class extends EventSource {
      constructor(path: string) {
        super(new URL(path, base).href);
      }
    },
  );
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => setTimeout(act, 1));
  vi.stubGlobal('cancelAnimationFrame', (frame: number) => clearTimeout(frame));
  close = () =>
    new Promise((done) => {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close(() => done());
    });
});
afterEach(async () => {
  for (const feed of feeds.splice(0)) feed.close();
  await close();
  vi.unstubAllGlobals();
});

function feedOf(id = 'run-1'): RunFeed {
  const feed = new RunFeed(id);
  feeds.push(feed);
  return feed;
}

/** The first state of which it holds. */
function reaches({ state }: RunFeed, isThere: (state: FeedState) => boolean): Promise<FeedState> {
  return new Promise((settle) => {
    const look = (): void => {
      if (!isThere(state.get())) return;
      stop();
      settle(state.get());
    };
    const stop = state.watch(look);
    look();
  });
}

const secondsOf = ({ view }: FeedState): number[] => (view?.series.endS ?? []).map((endS) => endS - 1);
const second = (at: number): void => log.push({ type: 'second', series: secondAt(at), live: LIVE });
const hasSeconds = (count: number) => (state: FeedState) => secondsOf(state).length >= count;

test('a page that is opened in second 3 has the 3 seconds before and each one after, once and in order', async () => {
  log = logOf(3);
  const feed = feedOf();
  expect(secondsOf(await reaches(feed, ({ view }) => view !== null))).toEqual([0, 1, 2]);
  for (const at of [3, 4, 5]) second(at);
  const state = await reaches(feed, hasSeconds(6));
  expect(secondsOf(state)).toEqual([0, 1, 2, 3, 4, 5]);
  expect([state.connection, state.view?.lastEvent]).toEqual(['open', 6]);
});

test('state, edits and lines of the log are shown as they come', async () => {
  const feed = feedOf();
  await reaches(feed, ({ view }) => view !== null);
  log.push({ type: 'state', state: 'running', detail: '5 of 10 warm-up requests' });
  log.push({ type: 'edit', edit: { second: 1, change: 'users 5 → 9 (default)' } });
  log.push({ type: 'log', line: { atMs: 0, level: 'info', text: 'hello' } });
  const { view, detail } = await reaches(feed, (state) => (state.view?.logs.length ?? 0) > 0);
  expect([view?.state, detail]).toEqual(['running', '5 of 10 warm-up requests']);
  expect(view?.edits).toEqual([{ second: 1, change: 'users 5 → 9 (default)' }]);
  expect(view?.logs.map(({ text }) => text)).toEqual(['hello']);
});

test('where the stream goes on behind a gap the whole run is loaded again, and no second is missing', async () => {
  log = logOf(2);
  const feed = feedOf();
  await reaches(feed, hasSeconds(2));
  await vi.waitUntil(() => asked.includes('/api/v1/runs/run-1/events'));
  // the server has forgotten what came in between: its numbers go on behind it
  const { after } = log;
  log.after = (number) => {
    const events = after.call(log, number);
    return events === 'gone' ? events : events.filter(({ number: each }) => each !== 3);
  };
  second(2);
  second(3);
  expect(secondsOf(await reaches(feed, hasSeconds(4)))).toEqual([0, 1, 2, 3]);
  expect(asked.filter((path) => path === '/api/v1/runs/run-1').length).toBeGreaterThanOrEqual(2);
});

test('the verdict is there at once when the run ends, nobody listens any more, and a server that ended with it takes nothing away', async () => {
  log = logOf(2);
  const feed = feedOf();
  await reaches(feed, hasSeconds(2));
  await vi.waitUntil(() => asked.includes('/api/v1/runs/run-1/events'));
  isDown = true; // only the stream that is open goes on
  log.push({ type: 'ended', result: failedRun });
  const { view, connection } = await reaches(feed, (state) => state.view?.result != null);
  expect([view?.state, connection, view?.result?.verdict.outcome]).toEqual(['ended', 'closed', failedRun.verdict.outcome]);
  await vi.waitUntil(() => asked.at(-1) === '/api/v1/runs/run-1');
  await new Promise((turn) => setTimeout(turn, 20));
  expect([feed.state.get().view?.state, feed.state.get().problem]).toEqual(['ended', undefined]);
});

test('a run that is not there is a problem that is told, and is not asked for again', async () => {
  const { problem, connection, view } = await reaches(feedOf('none'), (state) => state.problem !== undefined);
  expect([problem?.status, problem?.message, connection, view]).toEqual([404, 'no such run', 'closed', null]);
  expect(asked).toEqual(['/api/v1/runs/none']);
});

test('a server that is away for a moment is asked again, and then the run is there', async () => {
  isDown = true;
  const feed = feedOf();
  expect((await reaches(feed, (state) => state.problem !== undefined)).problem?.status).toBe(503);
  isDown = false;
  log = logOf(4);
  expect(secondsOf(await reaches(feed, hasSeconds(4)))).toEqual([0, 1, 2, 3]);
});

test('a feed that was closed shows nothing more', async () => {
  log = logOf(1);
  const feed = feedOf();
  await reaches(feed, hasSeconds(1));
  feed.close();
  const before = feed.state.get();
  second(1);
  await new Promise((turn) => setTimeout(turn, 20));
  expect(feed.state.get()).toBe(before);
});
