import { ConfigError } from '../core/errors.ts';
import { questionTo } from '../core/nearest.ts';
import { requireDurationUs } from '../core/units.ts';
import { type LatencyPlan, parseLatency } from './latency.ts';

/** How the embedded inference server behaves. */
export interface TargetOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** Extra delay of every prediction. */
  readonly latency: LatencyPlan;
  /** Predictions worked on at once; undefined: no limit. */
  readonly slots: number | undefined;
  /** Predictions that may wait for a slot; the next gets a 503. undefined: no limit. */
  readonly queue: number | undefined;
  /** Share of predictions that are answered with a 500, 0 to 1. */
  readonly errorRatio: number;
  /** For so long after its start the server says 503. */
  readonly coldStartUs: number;
  /** 32-bit unsigned; delays and errors follow from it. */
  readonly seed: number;
  /** Whether predictions carry a Server-Timing header. */
  readonly hasServerTiming: boolean;
}

/** The flags of `stressrun target` as typed, in camel case: all are optional, texts and numbers are both read. */
export interface RawTargetOptions {
  host?: unknown;
  port?: unknown;
  latency?: unknown;
  slots?: unknown;
  queue?: unknown;
  errorRate?: unknown;
  coldStart?: unknown;
  seed?: unknown;
  serverTiming?: unknown;
}

const DEFAULTS = { host: '127.0.0.1', port: 8000, latency: '0s', errorRate: '0%', coldStart: '0s', seed: 1, serverTiming: false } as const;
const KEYS = ['host', 'port', 'latency', 'slots', 'queue', 'errorRate', 'coldStart', 'seed', 'serverTiming'];

/** Fills in defaults. @throws {ConfigError} naming the flag, what is allowed and what came */
export function parseTargetOptions(raw: RawTargetOptions = {}): TargetOptions {
  const stranger = Object.keys(raw).find((key) => !KEYS.includes(key));
  if (stranger !== undefined) throw new ConfigError('target', `expected ${KEYS.join(', ')}; got "${stranger}"`, questionTo(stranger, KEYS));
  const host = raw.host ?? DEFAULTS.host;
  if (typeof host !== 'string' || host === '')
    throw new ConfigError('--host', `expected an address or host name; got ${JSON.stringify(host)}`);
  const slots = raw.slots === undefined ? undefined : requireInteger('--slots', raw.slots, [1, 10_000]);
  const queue = raw.queue === undefined ? undefined : requireInteger('--queue', raw.queue, [0, 1_000_000]);
  if (queue !== undefined && slots === undefined)
    throw new ConfigError('--queue', 'expected --slots beside it; got none', { hint: 'without slots nothing ever waits' });
  return {
    host,
    port: requireInteger('--port', raw.port ?? DEFAULTS.port, [0, 65_535]),
    latency: parseLatency('--latency', raw.latency ?? DEFAULTS.latency),
    slots,
    queue,
    errorRatio: requireRatio('--error-rate', raw.errorRate ?? DEFAULTS.errorRate),
    coldStartUs: requireDurationUs('--cold-start', raw.coldStart ?? DEFAULTS.coldStart),
    seed: requireInteger('--seed', raw.seed ?? DEFAULTS.seed, [0, 4_294_967_295]),
    hasServerTiming: requireBoolean('--server-timing', raw.serverTiming ?? DEFAULTS.serverTiming),
  };
}

function requireInteger(where: string, value: unknown, [min, max]: readonly [number, number]): number {
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= min && number <= max) return number;
  throw new ConfigError(where, `expected a whole number from ${min} to ${max}; got ${JSON.stringify(value)}`);
}

function requireRatio(where: string, value: unknown): number {
  const percent = typeof value === 'string' ? value.trim().match(/^(\d+(?:\.\d+)?)%$/)?.[1] : undefined;
  const ratio = percent === undefined ? Number.NaN : Number(percent) / 100;
  if (ratio >= 0 && ratio <= 1) return ratio;
  throw new ConfigError(where, `expected 0% to 100%, such as "1%"; got ${JSON.stringify(value)}`);
}

function requireBoolean(where: string, value: unknown): boolean {
  if (value === true || value === 'true') return true;
  if (value === false || value === 'false') return false;
  throw new ConfigError(where, `expected true or false; got ${JSON.stringify(value)}`);
}
