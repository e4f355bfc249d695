import { LIMITS, TO_HOST } from '../core/mailbox.ts';
import { contextId } from './context.ts';
import { declareMetric } from './declared.ts';
import { nameId, reasonOf, textField, write } from './outbox.ts';
import { GuestResponse } from './response.ts';
import { StopVu, type Vu } from './state.ts';
import { textTags } from './tags.ts';

/** Globals are slow in here (0.13 µs each): taken once. */
const { keys } = Object;

type Predicate = (value: unknown) => unknown;

function record(vu: Vu, name: string, passed: boolean, reason: string): void {
  write(vu, TO_HOST.check, `${nameId(name)},${passed ? 1 : 0},${contextId(vu)},${textField(reason)}`);
}

/** Why a check of an answer cannot hold when none came: what was compared says nothing. */
function withoutAnswer(value: unknown): string {
  return value instanceof GuestResponse && value.status === 0 ? `no answer: ${value.error}`.slice(0, LIMITS.tagLength) : '';
}

/** Counts each predicate under its name. Async predicates make the result a promise. */
function check(vu: Vu, value: unknown, predicates: Record<string, Predicate>): boolean | Promise<boolean> {
  if (typeof predicates !== 'object' || predicates === null)
    throw new TypeError(`check: expected an object of names and predicates; got ${predicates === null ? 'null' : typeof predicates}`);
  let haveAllPassed = true;
  let waiting: Promise<boolean>[] | undefined;
  for (const name of keys(predicates)) {
    let result: unknown;
    let reason = '';
    const predicate = predicates[name];
    if (typeof predicate !== 'function')
      throw new TypeError(`check: ${JSON.stringify(name)}: expected a function; got ${predicate === null ? 'null' : typeof predicate}`);
    try {
      result = predicate(value);
    } catch (error) {
      if (error instanceof StopVu) throw error; // not the answer's fault: the iteration is over
      reason = reasonOf(error);
    }
    if (result !== null && typeof result === 'object' && typeof (result as { then?: unknown }).then === 'function') {
      waiting ??= [];
      waiting.push(settled(vu, name, { value, result: result as Promise<unknown> }));
      continue;
    }
    const hasPassed = !!result;
    record(vu, name, hasPassed, hasPassed || reason !== '' ? reason : withoutAnswer(value));
    haveAllPassed &&= hasPassed;
  }
  return waiting === undefined ? haveAllPassed : Promise.all(waiting).then((results) => haveAllPassed && results.every(Boolean));
}

async function settled(vu: Vu, name: string, { value, result }: { value: unknown; result: Promise<unknown> }): Promise<boolean> {
  let passed = false;
  let reason = '';
  try {
    passed = Boolean(await result);
  } catch (error) {
    if (error instanceof StopVu) throw error;
    reason = reasonOf(error);
  }
  record(vu, name, passed, passed || reason !== '' ? reason : withoutAnswer(value));
  return passed;
}

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]{1,127}$/;

function metric(vu: Vu, type: string) {
  return (name: string, options: { unit?: string } = {}) => {
    if (typeof name !== 'string' || !NAME.test(name))
      throw new TypeError(
        `metrics.${type}: expected a name of 2 to 128 letters, digits and _, such as 'objects_found'; got ${JSON.stringify(name)}`,
      );
    const unit = options.unit ?? 'default';
    declareMetric(name, type, unit);
    write(vu, TO_HOST.defineMetric, `${nameId(name)},${textField(JSON.stringify({ name, type, unit }))}`);
    return Object.freeze({
      /** Adds a value; false when it is not a number. */
      add(value: unknown = type === 'counter' ? 1 : undefined, tags?: Record<string, string>): boolean {
        const number = typeof value === 'boolean' ? Number(value) : typeof value === 'number' ? value : Number.NaN;
        write(
          vu,
          TO_HOST.sample,
          `${nameId(name)},${contextId(vu)},${textField(String(number))}${textField(tags === undefined ? '' : JSON.stringify(textTags(`metrics.${type}`, tags)))}`,
        );
        return Number.isFinite(number);
      },
    });
  };
}

/** `check` of one virtual user. */
export function makeCheck(vu: Vu) {
  return (value: unknown, predicates: Record<string, Predicate>): boolean | Promise<boolean> => check(vu, value, predicates);
}

/** `metrics` of one virtual user. */
export function makeMetrics(vu: Vu) {
  return { counter: metric(vu, 'counter'), gauge: metric(vu, 'gauge'), rate: metric(vu, 'rate'), trend: metric(vu, 'trend') };
}
