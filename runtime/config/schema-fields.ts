import { z } from 'zod';
import { durationUsOf } from '../core/units.ts';

/** The fields that config.yaml is made of. The `error` of a schema is what is allowed: a message reads `expected <error>; got …`. */

/** As `durationUsOf` reads it; kept as a pattern so that editors check it too. */
const DURATION_PATTERN = /^(?:\d+(?:\.\d+)?(?:us|µs|ms|s|m|h|d))+$/;

/** Longest load, wait or timeout anywhere: 30 days. */
export const DURATION_TEXT_MAX = '30d';

/** Most users of a plan. */
export const USERS_MAX = 100_000;
/** Most starts of an open scenario a second. */
export const RATE_PER_SECOND_MAX = 1_000_000;
/** Most iterations of a scenario. */
export const ITERATIONS_MAX = 1_000_000_000;

/** `a whole number from 1 to 100000 (users)` */
export function wholeNumberText(what: string, min: number, max: number): string {
  return `a whole number from ${min} to ${max} (${what})`;
}

/** A whole number; `what` names what is counted. */
export function wholeNumber(what: string, min: number, max: number) {
  return z
    .int({ error: wholeNumberText(what, min, max) })
    .min(min)
    .max(max);
}

/** Users at once. */
export const usersField = wholeNumber('users', 1, USERS_MAX);
export const iterationsField = wholeNumber('iterations', 1, ITERATIONS_MAX);

/** A number above 0; `what` names the unit. */
export function positiveNumber(what: string, max: number) {
  return z
    .number({ error: `a number above 0, at most ${max} (${what})` })
    .positive()
    .max(max);
}

/** `1ms to 30d, such as "30s"` */
export function durationText(minText: string, maxText: string): string {
  return `${minText} to ${maxText}, such as "30s" or "1m30s"`;
}

/** Whether the text is a duration within the bounds, both included. */
export function isDurationWithin(text: string, minText: string, maxText: string): boolean {
  const us = durationUsOf(text);
  return us !== undefined && us >= (durationUsOf(minText) ?? 0) && us <= (durationUsOf(maxText) ?? Number.POSITIVE_INFINITY);
}

/** A duration as text; resolved to µs in a step of its own, so that the schema describes what people write. */
export function duration(minText = '0s', maxText = DURATION_TEXT_MAX) {
  return z
    .string({ error: durationText(minText, maxText) })
    .regex(DURATION_PATTERN)
    .refine((text) => isDurationWithin(text, minText, maxText), { error: durationText(minText, maxText) });
}

/** How long a load lasts. */
export const loadDuration = duration('1ms');

const RATIO = 'a share such as "1%" or 0.01 (0% to 100%)';
/** `1%` or `0.01`. */
export const ratioField = z.union(
  [
    z
      .string({ error: RATIO })
      .regex(/^\d+(?:\.\d+)?\s*%$/)
      .refine((text) => Number.parseFloat(text) <= 100, { error: RATIO }),
    z.number({ error: RATIO }).min(0).max(1),
  ],
  { error: RATIO },
);

/** Text that is not empty; `what` says what it is. */
export function textField(what: string) {
  return z.string({ error: what }).min(1);
}

export const booleanField = z.boolean({ error: 'true or false' });

/** One of the listed words. */
export function oneOf<const Words extends readonly [string, ...string[]]>(...words: Words) {
  return z.enum(words, { error: `one of ${words.join(', ')}` });
}

/** Names and texts, such as headers. */
export function textMap(what: string) {
  return z.record(z.string(), z.string({ error: 'a text (put numbers in quotes)' }), { error: what });
}

/**
 * A map of settings with nothing else in it. For an unknown key the message is the list of the known ones, separated by
 * commas: `problemsOf` finds the nearest in it.
 */
export function section<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const keys = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys.join(', ') : `a map with the keys ${keys.join(', ')}`),
  });
}

/** Named things of one kind; names stand in file names and reports. */
export function namedMap<Value extends z.core.SomeType>(what: string, value: Value) {
  const name = z.string().regex(/^[A-Za-z0-9_][\w.-]*$/, { error: 'a name of letters, digits, "_", "-" and "."' });
  return z.record(name, value, { error: `a map of ${what} by name` });
}

/** A rule over several fields: said as it is, not as "expected …; got …". */
export function refuse(context: z.core.$RefinementCtx, path: PropertyKey[], problem: string): void {
  context.addIssue({ code: 'custom', path, message: problem, params: { isWhole: true } });
}
