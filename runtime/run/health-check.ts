import { setTimeout as pause } from 'node:timers/promises';
import { monotonicUs } from '../core/clock.ts';
import { valueAt } from '../core/json-path.ts';
import type { EnvironmentPlan, HealthCheckPlan } from '../core/plan.ts';
import { textOfAnswer } from '../net/answer-text.ts';
import { NetShared } from '../net/net-shared.ts';
import { VuHttp } from '../net/vu-http.ts';

const INTERVAL_MS = 500;
/** What is left out is marked: a credential may have been cut in two. */
const BODY_SHOWN = 80;
const ATTEMPT_TIMEOUT_US = 10_000_000;

/**
 * Asks the target whether it is healthy, for as long as the plan says.
 * @param isStopped - asked between attempts
 * @returns what is wrong, one line; undefined when it is healthy
 */
export async function checkHealth(
  plan: HealthCheckPlan,
  environment: EnvironmentPlan,
  options: { version: string; isStopped(): boolean; onWait(problem: string): void },
): Promise<string | undefined> {
  const shared = new NetShared(environment, { version: options.version });
  const untilUs = monotonicUs() + plan.waitUs;
  let hasTold = false;
  for (;;) {
    const problem = await attempt(plan, environment, shared);
    if (problem === undefined || options.isStopped() || monotonicUs() >= untilUs) return problem;
    if (!hasTold) options.onWait(problem);
    hasTold = true;
    await pause(Math.min(INTERVAL_MS, Math.max(0, (untilUs - monotonicUs()) / 1000)));
  }
}

function attempt(plan: HealthCheckPlan, environment: EnvironmentPlan, shared: NetShared): Promise<string | undefined> {
  const url = `${environment.baseUrl}${plan.path.startsWith('/') ? '' : '/'}${plan.path}`;
  const http = new VuHttp(shared);
  return new Promise((resolve) => {
    http.request(
      {
        method: 'GET',
        url,
        headers: [],
        body: undefined,
        timeoutUs: Math.min(environment.timeoutUs, ATTEMPT_TIMEOUT_US),
        redirectsMax: 5,
        keepsBody: true,
      },
      (outcome) => {
        http.close();
        if (outcome.kind !== 'response') resolve(`GET ${url}: ${outcome.error}`);
        else if (outcome.status < 200 || outcome.status > 299)
          resolve(`GET ${url}: expected a status of 200 to 299; got ${outcome.status}`);
        else resolve(bodyProblem(plan.expect, textOfAnswer(outcome), url));
      },
    );
  });
}

function bodyProblem(expect: Readonly<Record<string, unknown>>, body: string, url: string): string | undefined {
  const wanted = Object.entries(expect);
  if (wanted.length === 0) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return `GET ${url}: expected JSON with ${JSON.stringify(expect)}; got ${JSON.stringify(body.length > BODY_SHOWN ? `${body.slice(0, BODY_SHOWN)}…` : body)}`;
  }
  for (const [path, expected] of wanted) {
    const actual = valueAt(value, path);
    if (JSON.stringify(actual) !== JSON.stringify(expected))
      return `GET ${url}: expected ${path} to be ${JSON.stringify(expected)}; got ${JSON.stringify(actual) ?? 'nothing'}`;
  }
  return undefined;
}
