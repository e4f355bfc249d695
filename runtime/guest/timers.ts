import { LIMITS, TO_HOST } from '../core/mailbox.ts';
import { DURATION_US_MAX } from './duration.ts';
import { countSeen } from './judging.ts';
import { loseError } from './lost.ts';
import { write } from './outbox.ts';
import { nextId, type Vu } from './state.ts';

type Callback = (...args: unknown[]) => void;

function start(vu: Vu, callback: Callback, what: { ms: unknown; args: unknown[]; isRepeating: boolean }): number {
  const { ms, args, isRepeating } = what;
  if (typeof callback !== 'function')
    throw new TypeError(`${isRepeating ? 'setInterval' : 'setTimeout'}: expected a function; got ${typeof callback}`);
  if (vu.timers.size >= LIMITS.timersMax) throw new RangeError(`a virtual user may have at most ${LIMITS.timersMax} timers at once`);
  const id = nextId();
  const delayUs = Math.max(1000, Math.round((Number(ms) || 0) * 1000));
  countSeen(vu);
  vu.timers.set(id, { callback, args, isRepeating });
  write(vu, TO_HOST.timer, `${id},${Math.min(delayUs, DURATION_US_MAX)},${isRepeating ? 1 : 0},`);
  return id;
}

/** Timers of one virtual user: they belong to it and end with it. */
export function makeTimers(vu: Vu) {
  const stop = (id?: number): void => {
    if (id !== undefined && vu.timers.delete(id)) write(vu, TO_HOST.clearTimer, `${id},`);
  };
  return {
    setTimeout: (callback: Callback, ms?: number, ...args: unknown[]): number => start(vu, callback, { ms, args, isRepeating: false }),
    setInterval: (callback: Callback, ms?: number, ...args: unknown[]): number => start(vu, callback, { ms, args, isRepeating: true }),
    clearTimeout: stop,
    clearInterval: stop,
  };
}

/** The same for all: it has no timer. */
export function queueMicrotask(callback: () => void): void {
  if (typeof callback !== 'function') throw new TypeError(`queueMicrotask: expected a function; got ${typeof callback}`);
  void (async () => {
    await undefined;
    callback();
  })();
}

/** The host says that a timer is due. */
export function fire(vu: Vu, id: number): void {
  const timer = vu.timers.get(id);
  if (timer === undefined) return;
  if (!timer.isRepeating) vu.timers.delete(id);
  const { callback, args } = timer; // not called as a method: the script must not get the table's entry as `this`
  try {
    callback(...args);
  } catch (error) {
    loseError(vu, error);
  }
}
