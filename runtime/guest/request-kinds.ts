import { LIMITS, PASSING, TO_HOST } from '../core/mailbox.ts';
import { textField, write } from './outbox.ts';
import { nextId, type Vu } from './state.ts';

/** Numbers of requests by method, then target, then options: texts that come again are hashed already, and never joined. */
const kinds = new Map<string, Map<string, Map<string, number>>>();
let count = 0;
/** As they stand in options. */
const PASSING_BYTES = `"${PASSING}/`;

/**
 * A number for a request that was asked for before, or that may be asked for again; the host hears of it once.
 * @returns undefined when there are too many different ones, it is too long to be kept, or its bytes go with the iteration: then the request is sent as text
 */
export function requestKindOf(vu: Vu, method: string, what: { target: string; options: string }): number | undefined {
  const { target, options } = what;
  const known = kinds.get(method)?.get(target)?.get(options);
  if (known !== undefined) return known;
  if (count >= LIMITS.requestKindsMax || target.length + options.length > LIMITS.requestKindLength || options.includes(PASSING_BYTES))
    return undefined;
  count++;
  const id = nextId();
  const byTarget = kinds.get(method) ?? new Map<string, Map<string, number>>();
  const byOptions = byTarget.get(target) ?? new Map<string, number>();
  kinds.set(method, byTarget);
  byTarget.set(target, byOptions);
  byOptions.set(options, id);
  write(vu, TO_HOST.requestKind, `${id},${textField(`${method} ${target}`)}${textField(options)}`);
  return id;
}
