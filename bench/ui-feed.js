// A made-up run as the pages of the web UI are fed one: 50 request names, an hour of seconds behind it, a second more each second.
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';

const PAGES = join(import.meta.dirname, '..', 'dist', 'ui');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const ID = '20260101-000000-made-up-0000';
const BEGAN_MS = Date.UTC(2026, 0, 1);

const wave = (second, period, low, high) => low + ((1 + Math.sin(second / period)) / 2) * (high - low);

/** The columns of seconds, from one up to before another. */
function seriesOf(from, to) {
  const column = (of) => Array.from({ length: to - from }, (_, i) => of(from + i));
  const none = column(() => 0);
  const percentiles = (more) => ({
    p50: column((second) => wave(second, 40, 30, 60) + more),
    p95: column((second) => wave(second, 17, 120, 260) + more),
    p99: column((second) => wave(second, 7, 300, 800) + more),
  });
  const stages = { 0: 'warm-up', 10: 'measuring' };
  return {
    startMs: BEGAN_MS,
    foldedBy: 1,
    endS: column((second) => second + 1),
    lengthS: column(() => 1),
    users: column(() => 200),
    requests: column((second) => Math.round(wave(second, 23, 900, 1100))),
    failures: column((second) => (second % 97 === 0 ? 12 : 0)),
    responseTimeMs: percentiles(5),
    durationMs: percentiles(0),
    bytesReceived: column((second) => Math.round(wave(second, 23, 20e6, 25e6))),
    bytesSent: column((second) => Math.round(wave(second, 23, 40e6, 45e6))),
    checks: none,
    checksFailed: none,
    starts: { begun: none, late: none, queued: none, dropped: none },
    generator: { loopLagMsP99: column((second) => wave(second, 11, 1, 6)), cpu: column((second) => wave(second, 31, 0.3, 0.6)) },
    gauges: [],
    events: column((second) => second).flatMap((second) =>
      stages[second] === undefined ? [] : [{ atS: second + 1, kind: 'stage', text: stages[second] }],
    ),
  };
}

function rowOf(i, second) {
  return {
    task: `task_${i % 8}`,
    method: i % 3 === 0 ? 'POST' : 'GET',
    name: `/items/${i}`,
    count: (second + 1) * (10 + i),
    failed: i % 9 === 0 ? second : 0,
    perSecond: wave(second + i, 13, 10, 30),
    failedPerSecond: 0,
    medianMs: wave(second + i, 19, 20, 60),
    p95Ms: wave(second + i, 29, 100, 300),
    p99Ms: wave(second + i, 37, 300, 900),
    averageMs: 61,
    minMs: 2,
    maxMs: 2100,
    averageBytes: 23_000,
  };
}

function liveOf(names, second) {
  const rows = Array.from({ length: names }, (_, i) => rowOf(i, second));
  const of = { subject: 'http_req_response_time', condition: 'p(95)<2s', metric: 'http_req_response_time' };
  const asked = { ...of, tags: {}, statistic: 'p(95)', comparison: '<', limit: 2000 };
  const threshold = { expression: 'p(95)<2s', asked, outcome: 'met', actual: 240, limit: 2000, unit: 'ms', marginRatio: 0.88 };
  return {
    groups: [],
    uncounted: [],
    rows: [...rows, { ...rowOf(0, second), task: '', method: '', name: 'Aggregated' }],
    thresholds: ['max_p95', 'max_p99', 'max_failure_rate', 'min_rps'].map((source) => ({ ...threshold, source })),
    checks: rows.map(({ task, name }) => ({ task, name: `${name} is right`, passes: second, fails: 0 })),
    errors: [],
    workers: [0, 1].map((worker) => ({ worker, pid: 1000 + worker, users: 100, cpu: 0.5, rssBytes: 150e6, lagMs: 2, share: 0.5 })),
    starts: { due: 0, begun: 0, late: 0, queued: 0, dropped: 0, interrupted: 0 },
    load: [{ scenario: 'default', model: 'closed', users: 200, usersMax: 200, rate: null }],
    remainingS: 3600,
    inFlight: 120,
    sinceSecond: 0,
    countedS: second,
  };
}

function viewOf(names, seconds) {
  const second = seconds - 1;
  const entry = {
    id: ID,
    state: 'running',
    script: 'scripts/made-up.ts',
    environment: 'none',
    profile: null,
    startedMs: BEGAN_MS,
    durationS: second,
  };
  return {
    id: ID,
    state: 'running',
    entry: { ...entry, outcome: null, requests: 0, failedRatio: 0, perSecond: 0, p95Ms: null, isExploratory: false, baselines: [] },
    plan: null,
    series: seriesOf(0, seconds),
    edits: [{ second: 1200, change: 'users 100 → 200 (default)' }],
    logs: [],
    live: liveOf(names, second),
    result: null,
    files: [],
    lastEvent: seconds,
  };
}

/** @returns its address and a function that closes it */
export async function serveMadeUpRun({ names, seconds }) {
  let told = seconds;
  const listeners = new Set();
  const timer = setInterval(() => {
    const added = { type: 'second', series: seriesOf(told, told + 1), live: liveOf(names, told) };
    told++;
    const text = `id: ${told}\ndata: ${JSON.stringify(added)}\n\n`;
    for (const answer of listeners) answer.write(text);
  }, 1000);
  const json = (answer, value) => answer.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (pathname === '/api/v1/status') return json(answer, { id: ID, state: 'running' });
    if (pathname === `/api/v1/runs/${ID}`) return json(answer, viewOf(names, told));
    if (pathname === `/api/v1/runs/${ID}/events`) {
      answer.writeHead(200, { 'content-type': 'text/event-stream' });
      answer.flushHeaders();
      listeners.add(answer);
      return request.on('close', () => listeners.delete(answer));
    }
    const file = join(PAGES, pathname === '/' ? 'index.html' : pathname.replace(/[^\w.]/g, ''));
    if (!existsSync(file)) return answer.writeHead(404).end();
    return answer.setHeader('content-type', TYPES[extname(file)] ?? 'text/plain').end(readFileSync(file));
  });
  await new Promise((settle) => server.listen(0, '127.0.0.1', settle));
  return {
    address: `http://127.0.0.1:${server.address().port}/#/runs/${ID}`,
    close: () => {
      clearInterval(timer);
      server.closeAllConnections();
      server.close();
    },
  };
}
