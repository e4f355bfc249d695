import { ConfigError } from '../core/errors.ts';
import { hashOfText, uniformOf } from '../core/random.ts';
import { durationUsOf } from '../core/units.ts';

/** How long the model pretends to think, on top of the work it really does. */
export type LatencyPlan =
  | { readonly kind: 'fixed'; readonly latencyUs: number }
  | { readonly kind: 'uniform'; readonly minUs: number; readonly maxUs: number }
  /** Cut off at 0. */
  | { readonly kind: 'normal'; readonly meanUs: number; readonly deviationUs: number }
  /** `sigma` is the standard deviation of the logarithm: 0.3 puts p95 at 1.6 times the median, 1 at 5.2 times. */
  | { readonly kind: 'lognormal'; readonly medianUs: number; readonly sigma: number };

const LATENCY_US_MAX = 3_600_000_000;
const SIGMA_MAX = 5;
const SHAPE = 'a latency such as "50ms", "uniform(10ms,90ms)", "normal(50ms,10ms)" or "lognormal(50ms,0.3)"';

/** Reads `50ms`, `uniform(10ms,90ms)`, `normal(mean,deviation)`, `lognormal(median,sigma)`. @throws {ConfigError} naming `where` */
export function parseLatency(where: string, text: unknown): LatencyPlan {
  const plan = typeof text === 'string' ? planOf(text.trim()) : undefined;
  if (plan === undefined) throw new ConfigError(where, `expected ${SHAPE}, at most 1h; got ${JSON.stringify(text)}`);
  return plan;
}

/** The delay of answer `index`, in µs: the same for the same seed. */
export function drawLatencyUs(plan: LatencyPlan, seed: number, index: number): number {
  const uniform = uniformOf(seed, LATENCY, index);
  switch (plan.kind) {
    case 'fixed':
      return plan.latencyUs;
    case 'uniform':
      return Math.round(plan.minUs + uniform * (plan.maxUs - plan.minUs));
    case 'normal':
      return within(plan.meanUs + plan.deviationUs * normalOf(uniform, uniformOf(seed, LATENCY, index, 1)));
    case 'lognormal':
      return within(plan.medianUs * Math.exp(plan.sigma * normalOf(uniform, uniformOf(seed, LATENCY, index, 1))));
  }
}

const LATENCY = hashOfText('target latency');

function planOf(text: string): LatencyPlan | undefined {
  const latencyUs = durationOf(text);
  if (latencyUs !== undefined) return { kind: 'fixed', latencyUs };
  const [, kind, first = '', second = ''] = text.match(/^(\w+)\(\s*([^\s,]+)\s*,\s*([^\s,]+)\s*\)$/) ?? [];
  const firstUs = durationOf(first);
  if (firstUs === undefined) return undefined;
  if (kind === 'lognormal') {
    const sigma = /^\d+(\.\d+)?$/.test(second) ? Number(second) : Number.NaN;
    return sigma <= SIGMA_MAX ? { kind, medianUs: firstUs, sigma } : undefined;
  }
  const secondUs = durationOf(second);
  if (secondUs === undefined) return undefined;
  if (kind === 'normal') return { kind, meanUs: firstUs, deviationUs: secondUs };
  if (kind === 'uniform' && firstUs <= secondUs) return { kind, minUs: firstUs, maxUs: secondUs };
  return undefined;
}

function durationOf(text: string): number | undefined {
  const us = durationUsOf(text);
  return us !== undefined && us <= LATENCY_US_MAX ? us : undefined;
}

/** A standard normal number from two uniform ones (Box–Muller). */
function normalOf(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}

function within(us: number): number {
  return Math.min(LATENCY_US_MAX, Math.max(0, Math.round(us)));
}
