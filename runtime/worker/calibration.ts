import { monotonicUs } from '../core/clock.ts';
import type { EnvironmentPlan } from '../core/plan.ts';
import type { HttpClientName } from '../core/reach-plan.ts';
import type { Calibration, HttpOutcome } from '../core/records.ts';
import type { HttpRequest } from '../net/http-request.ts';
import { NetShared } from '../net/net-shared.ts';
import { VuHttp } from '../net/vu-http.ts';

const TIMEOUT_US = 1_000_000;
/** On a machine that is busy with something else fewer requests have to do. */
const BUDGET_US = 250_000;

export interface CalibrationOptions {
  /** Of the echo server. */
  readonly url: string;
  /** At most; the first eighth warms the code up and is not counted. */
  readonly requests: number;
  readonly concurrency: number;
  /** That of the run: what it adds is what is asked for. Absent: our own. */
  readonly httpClient?: HttpClientName | undefined;
}

/**
 * Sends GETs to a server that answers at once, on connections as users have them, and measures each as a user's request is measured. It has network settings
 * of its own, whose address policy allows that server alone, and records no metric.
 * @returns null when a request fails; after a quarter of a second what there is by then
 */
export async function calibrate({ url, requests, concurrency, httpClient }: CalibrationOptions): Promise<Calibration | null> {
  const shared = new NetShared(environmentOf(url, httpClient), { version: 'calibration' });
  const users = Array.from({ length: concurrency }, () => new VuHttp(shared));
  const request: HttpRequest = {
    method: 'GET',
    url,
    headers: [],
    body: undefined,
    timeoutUs: TIMEOUT_US,
    redirectsMax: 0,
    keepsBody: true,
  };
  const tookUs: number[] = [];
  const endUs = monotonicUs() + BUDGET_US;
  let left = requests;
  const work = async (user: VuHttp): Promise<boolean> => {
    while (left > 0 && (tookUs.length === 0 || monotonicUs() < endUs)) {
      left--;
      const us = await exchange(user, request);
      if (us === undefined) return false;
      tookUs.push(us);
    }
    return true;
  };
  try {
    const isDone = await Promise.all(users.map(work));
    return isDone.includes(false) ? null : summaryOf(tookUs.slice(Math.floor(tookUs.length / 8)));
  } finally {
    for (const user of users) user.close();
  }
}

/** @returns µs from asking to the last byte of the answer; undefined when there was none */
function exchange(user: VuHttp, request: HttpRequest): Promise<number | undefined> {
  return new Promise((resolve) => {
    const handle = user.request(request, (outcome: HttpOutcome) =>
      resolve(outcome.status === 200 ? outcome.endedAtUs - handle.askedAtUs : undefined),
    );
  });
}

function summaryOf(tookUs: readonly number[]): Calibration {
  const sorted = [...tookUs].sort((a, b) => a - b);
  const at = (ratio: number): number => sorted[Math.max(0, Math.ceil(ratio * sorted.length) - 1)] ?? 0;
  return { requests: sorted.length, overheadUsP50: at(0.5), overheadUsP95: at(0.95), overheadUsP99: at(0.99) };
}

function environmentOf(url: string, httpClient: HttpClientName | undefined): EnvironmentPlan {
  return {
    name: 'calibration',
    baseUrl: url,
    target: 'remote',
    isProduction: false,
    truth: '',
    headers: {},
    auth: undefined,
    tls: { isVerified: true },
    timeoutUs: TIMEOUT_US,
    allowHosts: [],
    usersMax: undefined,
    rpsMax: undefined,
    ...(httpClient === undefined ? {} : { httpClient }),
  };
}
