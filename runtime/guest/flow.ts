import { ASK, LIMITS, TO_HOST } from '../core/mailbox.ts';
import { uniformOf } from '../core/random.ts';
import { durationUs } from './duration.ts';
import { ask } from './host.ts';
import { beginOperation, contextId, nameId, nextContextId, textField, write } from './outbox.ts';
import { current, StopVu, settings } from './state.ts';

/** @see script API */
export async function sleep(duration: number | string): Promise<void> {
  const us = durationUs('sleep', duration);
  const operation = beginOperation();
  write(TO_HOST.sleep, `${operation.id},${us},`);
  await operation;
}

/** @see script API */
export function pace(interval: number | string): void {
  write(TO_HOST.pace, `${durationUs('pace', interval)},`);
}

/** @see script API */
export function fail(message = 'fail() was called'): never {
  throw new Error(String(message));
}

const contexts = new Map<string, number>();

/** @see script API. The host keeps the context across awaits; here it is entered and left. */
export function group<T>(name: string, fn: () => T): T {
  if (String(name).includes('::')) throw new TypeError(`group: a name may not contain "::"; got ${JSON.stringify(name)}`);
  const parent = contextId();
  const key = `${parent}/${name}`;
  let id = contexts.get(key);
  if (id === undefined) {
    id = nextContextId();
    contexts.set(key, id);
    write(TO_HOST.group, `${parent},${id},${nameId(String(name))},`);
  }
  ask(ASK.enterContext, id, '');
  try {
    return fn();
  } finally {
    ask(ASK.enterContext, parent, '');
  }
}

/** @see script API */
export const test = {
  abort(reason = ''): never {
    write(TO_HOST.abort, textField(String(reason).slice(0, LIMITS.errorLength)));
    current.isInterrupted = true;
    throw new StopVu();
  },
  fail(reason = ''): void {
    write(TO_HOST.fail, textField(String(reason).slice(0, LIMITS.errorLength)));
  },
};

function draw(): number {
  const vu = current;
  return uniformOf(settings.seed, 1, vu.scenario, vu.index, vu.iteration, vu.draws++);
}

/** @see script API */
export const random = {
  number: draw,
  integer(min: number, max: number): number {
    if (!Number.isInteger(min) || !Number.isInteger(max) || max < min)
      throw new RangeError(`random.integer: expected two whole numbers, the smaller one first; got ${String(min)}, ${String(max)}`);
    return min + Math.floor(draw() * (max - min + 1));
  },
  item<T>(items: readonly T[]): T {
    if (!Array.isArray(items) || items.length === 0) throw new RangeError('random.item: expected an array with at least one item');
    return items[Math.floor(draw() * items.length)] as T;
  },
  boolean: (probability = 0.5): boolean => draw() < probability,
  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = Math.floor(draw() * (i + 1));
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  },
};

/** @see script API */
export const vu = Object.freeze({
  get id(): number {
    return current.index + 1;
  },
  get iteration(): number {
    return current.iteration;
  },
});

/** @see script API */
export const scenario = Object.freeze({
  get name(): string {
    return settings.scenarios[current.scenario] ?? 'default';
  },
  get phase(): string {
    return current.phase;
  },
});
