import { ASK, LIMITS, TO_HOST } from '../core/mailbox.ts';
import { contextIn, groupId } from './context.ts';
import { durationUs } from './duration.ts';
import { ask } from './host.ts';
import { countSeen } from './judging.ts';
import { beginOperation, nameId, nextContextId, textField, write } from './outbox.ts';
import { StopVu, type Vu } from './state.ts';

/** `sleep` of one virtual user. */
export function makeSleep(vu: Vu) {
  return async (duration: number | string): Promise<void> => {
    const us = durationUs('sleep', duration);
    const operation = beginOperation(vu);
    countSeen(vu);
    if (operation.id !== 0) write(vu, TO_HOST.sleep, `${operation.id},${us},`);
    await operation;
  };
}

/** `pace` of one virtual user. */
export function makePace(vu: Vu) {
  return (interval: number | string): void => write(vu, TO_HOST.pace, `${durationUs('pace', interval)},`);
}

/** `fail`: ends the iteration as failed. */
export function fail(message = 'fail() was called'): never {
  throw new Error(String(message));
}

const contexts = new Map<string, number>();

/** `group` of one virtual user. The host keeps the context across awaits; here it is entered and left. */
export function makeGroup(vu: Vu) {
  return <T>(name: string, fn: () => T): T => {
    if (String(name).includes('::')) throw new TypeError(`group: a name may not contain "::"; got ${JSON.stringify(name)}`);
    if (typeof fn !== 'function') throw new TypeError(`group: expected a function; got ${fn === null ? 'null' : typeof fn}`);
    const parent = groupId();
    const id = contextOf(vu, parent, String(name));
    const beganMs = Number(ask(ASK.now, 0, ''));
    const ended = (): void =>
      write(
        vu,
        TO_HOST.sample,
        `${nameId('group_duration')},${contextIn(vu, id)},${textField(String(Number(ask(ASK.now, 0, '')) - beganMs))}0:`,
      );
    ask(ASK.enterContext, id, '');
    let isAsync = false;
    try {
      const result = fn();
      isAsync = result !== null && typeof result === 'object' && typeof (result as { then?: unknown }).then === 'function';
      return isAsync ? (whenEnded(result, ended) as T) : result;
    } finally {
      if (!isAsync) ended();
      ask(ASK.enterContext, parent, '');
    }
  };
}

/** The caller gets this in the place of the group's own promise: an error that it does not handle is seen to be unhandled. */
async function whenEnded(result: unknown, ended: () => void): Promise<unknown> {
  try {
    return await result;
  } finally {
    ended();
  }
}

function contextOf(vu: Vu, parent: number, name: string): number {
  const key = `${parent}/${name}`;
  let id = contexts.get(key);
  if (id === undefined) {
    const nameNumber = nameId(name); // throws when there are too many: then the group is not known either
    id = nextContextId();
    contexts.set(key, id);
    write(vu, TO_HOST.group, `${parent},${id},${nameNumber},`);
  }
  return id;
}

/** `test` of one virtual user. */
export function makeTest(vu: Vu) {
  return {
    abort(reason = ''): never {
      write(vu, TO_HOST.abort, textField(String(reason).slice(0, LIMITS.errorLength)));
      vu.isInterrupted = true;
      throw new StopVu();
    },
    fail(reason = ''): void {
      write(vu, TO_HOST.fail, textField(String(reason).slice(0, LIMITS.errorLength)));
    },
  };
}
