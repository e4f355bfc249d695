import { ASK, LIMITS } from '../core/mailbox.ts';
import { askText } from './host.ts';
import { NeedsLoading } from './state.ts';

const loaded = new Map<string, unknown>();

/**
 * The host's answer to a module-level call such as image.pool(…). When it is not there yet, module level ends here and is
 * evaluated again once the host has loaded it. Answers are frozen: all VUs of the worker share them.
 */
export function loadedAnswer(call: string, argument: unknown): unknown {
  const answer = answerIfThere(call, argument);
  if (answer === undefined) throw new NeedsLoading(call);
  return answer;
}

/** As {@link loadedAnswer}; undefined when it is not there yet: the host has heard what is wanted, and evaluates module level again. */
export function answerIfThere(call: string, argument: unknown): unknown {
  const key = `${call}:${JSON.stringify(argument)}`;
  if (key.length > LIMITS.keyLength)
    throw new RangeError(`${call}: expected at most ${LIMITS.keyLength} characters of argument; got ${key.length}`);
  if (!loaded.has(key)) {
    const answer = askText(ASK.loaded, 0, key);
    if (answer === '') return undefined;
    loaded.set(key, freezeDeep(JSON.parse(answer.slice(1))));
  }
  return loaded.get(key);
}

/** Freezes a JSON value all the way down. */
export function freezeDeep<T>(value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const key of Object.keys(value)) freezeDeep((value as Record<string, unknown>)[key]);
  }
  return value;
}
