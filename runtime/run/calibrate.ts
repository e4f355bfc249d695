import { setTimeout as pause } from 'node:timers/promises';
import { type EchoServer, startEchoServer } from '../cluster/echo-server.ts';
import type { HttpClientName } from '../core/reach-plan.ts';
import type { Calibration } from '../core/records.ts';
import type { FromWorker, ToWorker } from '../messages/messages.ts';

/** Enough for a p95. Those together come first: they warm up what those alone are measured with. */
const REQUESTS_TOGETHER = 200;
const REQUESTS_ALONE = 100;
/** Uncounted: code of the client that has run so often is compiled. */
const REQUESTS_WARM = 150;
const CONCURRENCY_WARM = 4;
const CONCURRENCY_MAX = 16;
/** For all workers. Those that are not asked by then are taken to be like the others. */
const BUDGET_MS = 500;
const PATIENCE_MS = 2_000;

/** The part of a fleet that is asked. */
export interface AskedFleet {
  readonly workers: readonly number[];
  ask(
    worker: number,
    message: Extract<ToWorker, { type: 'calibrate' }>,
    type: 'calibrated',
  ): Promise<Extract<FromWorker, { type: 'calibrated' }>>;
}

/**
 * How long requests take that wait for nothing: each worker, one after the other, asks a server on its machine that answers at once, first with as many requests at
 * a time as it has users, at most 16, then with one. What that takes is more than the generator's share of any latency of the run: the loopback and the server are in it.
 * @param users - of the whole run
 * @param httpClient - of the run's environment; undefined: our own
 * @returns the worst of all workers; null when it could not be measured
 */
export async function calibrateFleet(fleet: AskedFleet, users: number, httpClient?: HttpClientName): Promise<Calibration | null> {
  return withEchoServer(async (url) => {
    const concurrency = Math.max(1, Math.min(CONCURRENCY_MAX, Math.ceil(users / fleet.workers.length)));
    const found: Calibration[] = [];
    const endMs = performance.now() + BUDGET_MS;
    for (const worker of fleet.workers) {
      if (performance.now() > endMs) break;
      for (const [requests, together] of [
        [REQUESTS_TOGETHER, concurrency],
        [REQUESTS_ALONE, 1],
      ] as const) {
        const asked = fleet.ask(
          worker,
          { type: 'calibrate', url, requests, concurrency: together, ...withClient(httpClient) },
          'calibrated',
        );
        const answer = await Promise.race([asked, pause(PATIENCE_MS, undefined, { ref: false })]);
        if (answer === undefined || answer.calibration === null) return null;
        found.push(answer.calibration);
      }
    }
    return worstOf(found);
  });
}

/** Has a worker send what it will send when it calibrates, while it has nothing else to do: nothing is measured. Never rejects. */
export async function warmUpWorker(fleet: AskedFleet, worker: number, httpClient?: HttpClientName): Promise<void> {
  await withEchoServer(async (url) => {
    const message = { type: 'calibrate', url, requests: REQUESTS_WARM, concurrency: CONCURRENCY_WARM, ...withClient(httpClient) } as const;
    await fleet.ask(worker, message, 'calibrated');
    return null;
  });
}

function withClient(httpClient: HttpClientName | undefined): { httpClient?: HttpClientName } {
  return httpClient === undefined ? {} : { httpClient };
}

async function withEchoServer(work: (url: string) => Promise<Calibration | null>): Promise<Calibration | null> {
  let server: EchoServer | undefined;
  try {
    server = await startEchoServer();
    return await work(server.url);
  } catch {
    return null; // no port, or the worker is gone: whoever needs it next will say so
  } finally {
    server?.close();
  }
}

function worstOf(found: readonly Calibration[]): Calibration | null {
  if (found.length === 0) return null;
  const most = (of: (each: Calibration) => number): number => Math.max(...found.map(of));
  return {
    requests: found.reduce((sum, { requests }) => sum + requests, 0),
    overheadUsP50: most((each) => each.overheadUsP50),
    overheadUsP95: most((each) => each.overheadUsP95),
    overheadUsP99: most((each) => each.overheadUsP99),
  };
}
