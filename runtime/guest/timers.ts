import { LIMITS, TO_HOST } from '../core/mailbox.ts';
import { log } from './log.ts';
import { write } from './outbox.ts';
import { current, nextId } from './state.ts';

type Callback = (...args: unknown[]) => void;

function start(callback: Callback, ms: unknown, args: unknown[], isRepeating: boolean): number {
  if (typeof callback !== 'function')
    throw new TypeError(`${isRepeating ? 'setInterval' : 'setTimeout'}: expected a function; got ${typeof callback}`);
  if (current.timers.size >= LIMITS.timersMax) throw new RangeError(`a virtual user may have at most ${LIMITS.timersMax} timers at once`);
  const id = nextId();
  const delayUs = Math.max(1000, Math.round((Number(ms) || 0) * 1000));
  current.timers.set(id, { callback, args, isRepeating });
  write(TO_HOST.timer, `${id},${Math.min(delayUs, 2_147_483_647_000)},${isRepeating ? 1 : 0},`);
  return id;
}

function stop(id?: number): void {
  if (id !== undefined && current.timers.delete(id)) write(TO_HOST.clearTimer, `${id},`);
}

/** Timers of the script belong to their virtual user and end with it. */
export const timers = {
  setTimeout: (callback: Callback, ms?: number, ...args: unknown[]): number => start(callback, ms, args, false),
  setInterval: (callback: Callback, ms?: number, ...args: unknown[]): number => start(callback, ms, args, true),
  clearTimeout: stop,
  clearInterval: stop,
  queueMicrotask(callback: () => void): void {
    if (typeof callback !== 'function') throw new TypeError(`queueMicrotask: expected a function; got ${typeof callback}`);
    void (async () => {
      await undefined;
      callback();
    })();
  },
};

/** The host says that a timer is due. */
export function fire(id: number): void {
  const timer = current.timers.get(id);
  if (timer === undefined) return;
  if (!timer.isRepeating) current.timers.delete(id);
  try {
    timer.callback(...timer.args);
  } catch (error) {
    log.error('a timer of the script threw:', error);
  }
}
