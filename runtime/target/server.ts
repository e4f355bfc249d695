import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { monotonicUs } from '../core/clock.ts';
import { ConfigError } from '../core/errors.ts';
import { answerLogin, Jobs } from './jobs.ts';
import type { TargetOptions } from './options.ts';
import { type Answer, answerPredict, failure } from './predict.ts';
import { Slots } from './slots.ts';
import { StatsRecord, type TargetStats } from './stats.ts';
import { answerStream, STREAM_METHODS, type StreamAnswer, sendStream } from './streams.ts';

/** The embedded inference server while it runs. */
export interface RunningTarget {
  /** `http://127.0.0.1:8000`, without a trailing slash. */
  readonly url: string;
  readonly port: number;
  /** Drops all connections, answered or not. */
  close(): Promise<void>;
  stats(): TargetStats;
}

/** Longer than any client keeps an idle connection: a server that closes first loses requests that are on their way. */
const KEEP_ALIVE_MS = 120_000;

const METHODS: ReadonlyMap<string, readonly string[]> = new Map([
  ['/health', ['GET', 'HEAD']],
  ['/predict', ['POST']],
  ['/login', ['POST']],
  ['/jobs', ['POST']],
  ['/jobs/{id}', ['GET']],
  ['/stats', ['GET', 'HEAD']],
  ['/stats/reset', ['POST']],
  ...STREAM_METHODS,
]);

/** Starts the server. @throws {ConfigError} when it cannot listen there */
export async function startTarget(options: TargetOptions): Promise<RunningTarget> {
  const target = new Target(options);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => void target.serve(request, response));
  await listen(server, options);
  const { port, family } = server.address() as AddressInfo;
  const isAnyHost = options.host === '0.0.0.0' || options.host === '::';
  const host = isAnyHost ? '127.0.0.1' : family === 'IPv6' && options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `http://${host}:${port}`,
    port,
    stats: () => target.stats(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: TargetOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const problem =
        cause.code === 'EADDRINUSE'
          ? `expected a free port; ${port} on ${host} is in use`
          : `expected an address to listen on; ${host}:${port} gives ${cause.code ?? cause.message}`;
      reject(new ConfigError('--port', problem, { cause, hint: 'port 0 takes any free one' }));
    });
    server.listen(port, host, resolve);
  });
}

/** Routes and records; everything about one running server. */
class Target {
  readonly #options: TargetOptions;
  readonly #slots: Slots;
  readonly #record = new StatsRecord();
  readonly #readyAtUs: number;
  readonly #jobs = new Jobs();
  #predictions = 0;
  #streams = 0;

  constructor(options: TargetOptions) {
    this.#options = options;
    this.#slots = new Slots(options.slots, options.queue);
    this.#readyAtUs = monotonicUs() + options.coldStartUs;
  }

  stats(): TargetStats {
    return this.#record.snapshot({ inFlight: this.#slots.taken, queued: this.#slots.waiting });
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const beganAtUs = monotonicUs();
    const [path = '', query = ''] = (request.url ?? '').split('?', 2);
    const route = METHODS.has(patternOf(path)) ? `${request.method} ${patternOf(path)}` : 'other';
    const gone = new AbortController();
    response.once('close', () => {
      if (response.writableFinished) return;
      gone.abort();
      this.#record.recordAborted();
    });

    const answer = await this.#answer(request, { path, query, signal: gone.signal }).catch((error: unknown) =>
      failure(500, error instanceof Error ? error.message : String(error)),
    );
    if (answer === undefined || gone.signal.aborted) return;
    const [status, kind] = 'pieces' in answer ? [200, undefined] : [answer.status, answer.kind];
    response.once('finish', () => this.#record.recordAnswer(route, status, { serviceUs: monotonicUs() - beganAtUs, kind }));
    if ('pieces' in answer) return sendStream(response, answer, gone.signal);
    const body = Buffer.from(JSON.stringify(answer.body));
    response.writeHead(answer.status, { 'content-type': 'application/json', 'content-length': body.length, ...answer.headers });
    response.end(body);
  }

  /** @returns undefined when the client went away */
  async #answer(
    request: IncomingMessage,
    { path, query, signal }: { path: string; query: string; signal: AbortSignal },
  ): Promise<Answer | StreamAnswer | undefined> {
    const allowed = METHODS.get(patternOf(path));
    if (allowed === undefined) return failure(404, `expected ${[...METHODS.keys()].join(', ')}; got ${path.slice(0, 200)}`);
    if (!allowed.includes(request.method ?? '')) {
      return { ...failure(405, `expected ${allowed.join(' or ')}; got ${request.method}`), headers: { allow: allowed.join(', ') } };
    }
    if (path === '/stats') return { status: 200, body: this.stats() };
    if (path === '/stats/reset') {
      this.#record.reset();
      return { status: 200, body: { status: 'ok' } };
    }
    const coldUs = this.#readyAtUs - monotonicUs();
    if (coldUs > 0) return { ...failure(503, 'the model is loading'), headers: { 'retry-after': String(Math.ceil(coldUs / 1_000_000)) } };
    if (path === '/health') return { status: 200, body: { status: 'ok' } };
    if (path === '/login') return answerLogin(request, this.#jobs);
    const call = {
      request,
      query: new URLSearchParams(query),
      options: this.#options,
      slots: this.#slots,
      index: this.#predictions,
      signal,
    };
    if (STREAM_METHODS.has(path)) return await answerStream(path, { ...call, index: this.#streams++ });
    if (path.startsWith('/jobs')) {
      const refusal = this.#jobs.refusalOf(request, path);
      if (refusal !== undefined) return refusal;
      if (path !== '/jobs') return this.#jobs.look(path.slice('/jobs/'.length));
    }
    this.#predictions++;
    return path === '/jobs' ? this.#jobs.begin(call) : answerPredict(call);
  }
}

/** `/jobs/7` is one of `/jobs/{id}`. */
function patternOf(path: string): string {
  return path.startsWith('/jobs/') ? '/jobs/{id}' : path;
}
