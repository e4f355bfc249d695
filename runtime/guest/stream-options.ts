import { STREAM_FORMATS, STREAM_LIMITS, type StreamPlan } from '../core/stream-plan.ts';
import { durationUs } from './duration.ts';
import type { RequestOptions, StreamOptions } from './stressrun.d.ts';

const TIMES = ['stallAfter', 'firstEventTimeout', 'idleTimeout'] as const;
const NUMBERS = { maxEventBytes: 64 << 20, maxBytes: Number.MAX_SAFE_INTEGER, maxWaiting: 100 * STREAM_LIMITS.waiting } as const;
const GOALS = ['firstEvent', 'firstToken', 'perToken', 'total'] as const;

/** Takes what is a stream's own out of the options of a request. @throws TypeError or RangeError: what is allowed, what came */
export function streamOptions(options: StreamOptions): { rest: RequestOptions; plan: StreamPlan; method: string | undefined } {
  const given: Record<string, unknown> = { ...options };
  const plan: Record<string, unknown> = { as: options.as ?? 'auto' };
  if (!(STREAM_FORMATS as readonly unknown[]).includes(plan['as']))
    throw new TypeError(
      `http.stream: as: expected ${STREAM_FORMATS.map((name) => `'${name}'`).join(', ')}; got ${JSON.stringify(options.as)}`,
    );
  for (const name of TIMES) if (given[name] !== undefined) plan[name] = durationUs(`http.stream: ${name}`, given[name] as string);
  for (const name of Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]) {
    const value = given[name];
    if (value === undefined) continue;
    if (!(Number.isInteger(value) && (value as number) >= 1 && (value as number) <= NUMBERS[name]))
      throw new RangeError(`http.stream: ${name}: expected a whole number from 1 to ${NUMBERS[name]}; got ${String(value)}`);
    plan[name] = value;
  }
  if (options.goals !== undefined) plan['goals'] = goalsOf(options.goals);
  if (typeof given['expect'] === 'function')
    throw new TypeError(
      'http.stream: expect: expected statuses; a function would have to wait for the end (use check() after stream.done())',
    );
  if (given['discard'] !== undefined)
    throw new TypeError(
      'http.stream: discard: nothing of a stream is kept but what the script has not read; await stream.done() reads numbers alone',
    );
  for (const name of ['as', 'method', 'goals', ...TIMES, ...Object.keys(NUMBERS)]) delete given[name];
  return { rest: given as RequestOptions, plan: plan as unknown as StreamPlan, method: options.method };
}

function goalsOf(goals: unknown): Record<string, number> {
  const isTable = typeof goals === 'object' && goals !== null;
  const given = (isTable ? goals : {}) as Record<string, unknown>;
  const stranger = Object.keys(given).find((name) => !(GOALS as readonly string[]).includes(name));
  if (!isTable || stranger !== undefined)
    throw new TypeError(
      `http.stream: goals: expected an object of ${GOALS.join(', ')}; got ${stranger === undefined ? String(goals) : JSON.stringify(stranger)}`,
    );
  const out: Record<string, number> = {};
  for (const name of GOALS) if (given[name] !== undefined) out[name] = durationUs(`http.stream: goals.${name}`, given[name] as string);
  return out;
}
