import { ASK } from '../core/mailbox.ts';
import { uniformOf } from '../core/random.ts';
import { durationUs } from './duration.ts';
import { makeSleep } from './flow.ts';
import { ask as askHost } from './host.ts';
import { GuestResponse } from './response.ts';
import { makeRandom } from './seeded-random.ts';
import { settings, type Vu } from './state.ts';
import type { Duration, Response, RetryOptions, UntilOptions } from './stressrun.d.ts';

const RETRIED: readonly number[] = [429, 502, 503, 504, 0];
const ATTEMPTS_MAX = 100;
/** Coordinate of the jitter among the choices of a VU. */
const JITTER = 4;
const BODY_SHOWN = 120;

/** `wait` of one virtual user. */
export function makeWait(vu: Vu) {
  const [sleep, random] = [makeSleep(vu), makeRandom(vu)];
  return async (min: Duration, max: Duration = min): Promise<void> => {
    const [leastUs, mostUs] = [durationUs('wait', min), durationUs('wait', max)];
    if (mostUs < leastUs) throw new RangeError(`wait: expected the shorter time first; got ${String(min)}, ${String(max)}`);
    await sleep((leastUs + (mostUs - leastUs) * (mostUs === leastUs ? 0 : random.number())) / 1_000_000);
  };
}

/** `http.retry` of one virtual user. */
export function makeRetry(vu: Vu) {
  const sleep = makeSleep(vu);
  return async (ask: (attempt: number) => Promise<Response>, options: RetryOptions = {}): Promise<Response> => {
    requireFunction('http.retry', ask);
    const { attempts = 3, on = RETRIED } = options;
    if (!Number.isInteger(attempts) || attempts < 1 || attempts > ATTEMPTS_MAX)
      throw new RangeError(`http.retry: attempts: expected a whole number from 1 to ${ATTEMPTS_MAX}; got ${String(attempts)}`);
    const isAgain = typeof on === 'function' ? on : (response: Response): boolean => on.includes(response.status);
    const firstUs = durationUs('http.retry: wait', options.wait ?? 1);
    const mostUs = durationUs('http.retry: max', options.max ?? 60);
    for (let attempt = 1; ; attempt++) {
      const response = await ask(attempt);
      if (!(response instanceof GuestResponse))
        throw new TypeError('http.retry: expected a function that returns an answer, such as () => http.get(…)');
      if (attempt >= attempts || !isAgain(response)) return response;
      // half of it is fixed, so that users that were refused together do not come back together
      const jitter = 0.5 + uniformOf(settings.seed, JITTER, vu.scenario, vu.who, vu.which, attempt) / 2;
      const us = retryAfterUs(response) ?? firstUs * 2 ** (attempt - 1) * jitter;
      await sleep(Math.min(us, mostUs) / 1_000_000);
    }
  };
}

/** `until` of one virtual user. */
export function makeUntil(vu: Vu) {
  const sleep = makeSleep(vu);
  return async <T>(ask: (attempt: number) => T | Promise<T>, done: (value: T) => unknown, options: UntilOptions = {}): Promise<T> => {
    requireFunction('until', ask);
    requireFunction('until: the second argument', done);
    const everyUs = durationUs('until: every', options.every ?? 1);
    const timeoutUs = durationUs('until: timeout', options.timeout ?? 60);
    const beganUs = nowUs();
    for (let attempt = 1; ; attempt++) {
      const value = await ask(attempt);
      if (await done(value)) return value;
      const us = Math.max(everyUs, value instanceof GuestResponse ? (retryAfterUs(value) ?? 0) : 0);
      if (nowUs() - beganUs + us > timeoutUs)
        throw new Error(`until: not so within ${timeoutUs / 1_000_000} s (asked ${attempt} times); the last ${lastOf(value)}`);
      await sleep(us / 1_000_000);
    }
  };
}

function requireFunction(what: string, value: unknown): void {
  if (typeof value !== 'function') throw new TypeError(`${what}: expected a function; got ${value === null ? 'null' : typeof value}`);
}

function nowUs(): number {
  return Number(askHost(ASK.now, 0, '')) * 1000;
}

/** Seconds or a date, as of RFC 9110, 10.2.3. @returns undefined when there is none, or it is neither */
function retryAfterUs(response: GuestResponse): number | undefined {
  if (response.status === 0) return undefined;
  const given = response.headers['retry-after']?.trim() ?? '';
  if (/^\d+(?:\.\d+)?$/.test(given)) return Number(given) * 1_000_000;
  const atMs = /[a-z]/i.test(given) ? Date.parse(given) : Number.NaN;
  return Number.isNaN(atMs) ? undefined : Math.max(0, atMs - Date.now()) * 1000;
}

function lastOf(value: unknown): string {
  if (!(value instanceof GuestResponse)) return `value was ${shown(value)}`;
  if (value.status === 0) return `request got no answer: ${value.error}`;
  return `answer was status ${value.status}: ${value.text().slice(0, BODY_SHOWN)}`;
}

function shown(value: unknown): string {
  try {
    return (JSON.stringify(value) ?? String(value)).slice(0, BODY_SHOWN);
  } catch {
    return typeof value;
  }
}
