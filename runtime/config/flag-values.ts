import { ConfigError } from '../core/errors.ts';
import { SYSTEM_TAGS } from '../core/roles.ts';
import { durationUsOf } from '../core/units.ts';
import { RATE_SHAPE, type Rate, rateOf } from './rate-text.ts';
import { DURATION_TEXT_MAX, durationText, ITERATIONS_MAX, isDurationWithin, USERS_MAX, wholeNumberText } from './schema-fields.ts';

/** Readers of what was typed: each throws a ConfigError that names the flag, what is allowed and what came. */

/** A whole number within bounds, digits only. */
export function wholeFlag(where: string, text: string, { what, min, max }: { what: string; min: number; max: number }): number {
  const value = /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (Number.isNaN(value) || value < min || value > max)
    throw new ConfigError(where, `expected ${wholeNumberText(what, min, max)}; got ${JSON.stringify(text)}`);
  return value;
}

export const usersFlag = (text: string): number => wholeFlag('--users', text, { what: 'users', min: 1, max: USERS_MAX });
export const iterationsFlag = (text: string): number =>
  wholeFlag('--iterations', text, { what: 'iterations', min: 1, max: ITERATIONS_MAX });

/** µs of a load duration. */
export function durationFlag(where: string, text: string, minText = '1ms'): number {
  if (!isDurationWithin(text, minText, DURATION_TEXT_MAX))
    throw new ConfigError(where, `expected ${durationText(minText, DURATION_TEXT_MAX)}; got ${JSON.stringify(text)}`);
  return durationUsOf(text) ?? 0;
}

/** `50/s`. */
export function rateFlag(text: string): Rate {
  const rate = rateOf(text);
  if (rate === undefined || rate.rate === 0) throw new ConfigError('--rate', `expected ${RATE_SHAPE}; got ${JSON.stringify(text)}`);
  return rate;
}

/** `30s:10`: in 30 s to 10 users. */
export function stageFlag(text: string): { durationUs: number; target: number } {
  const parts = /^([^:]+):([^:]+)$/.exec(text.trim());
  const isStage =
    parts !== null &&
    isDurationWithin(parts[1] as string, '0s', DURATION_TEXT_MAX) &&
    /^\d+$/.test(parts[2] as string) &&
    Number(parts[2]) <= USERS_MAX;
  if (!isStage)
    throw new ConfigError(
      '--stage',
      `expected DURATION:USERS such as "30s:10", the duration up to ${DURATION_TEXT_MAX}, 0 to ${USERS_MAX} users; got ${JSON.stringify(text)}`,
    );
  return { durationUs: durationUsOf(parts[1] as string) ?? 0, target: Number(parts[2]) };
}

/** One of a few words. */
export function wordFlag<Word extends string>(where: string, text: string, words: readonly Word[]): Word {
  const word = words.find((candidate) => candidate === text);
  if (word === undefined) throw new ConfigError(where, `expected ${words.join(' or ')}; got ${JSON.stringify(text)}`);
  return word;
}

const TAG_VALUE_LENGTH_MAX = 200;

/** What a tag may be called. */
export const TAG_NAME = /^[A-Za-z_][\w.-]*$/;
/** Tables by tag that reports have at most. */
export const BY_MAX = 8;

/** Tags that the reports have a table for. @throws {ConfigError} */
export function byFlag(tags: readonly string[]): readonly string[] {
  for (const tag of tags)
    if (!TAG_NAME.test(tag))
      throw new ConfigError('--by', `expected the name of a tag of requests, such as plan or status; got ${JSON.stringify(tag)}`);
  if (tags.length > BY_MAX) throw new ConfigError('--by', `expected at most ${BY_MAX} tags; got ${tags.length}`);
  return tags;
}

/** Tags of the whole run. */
export function checkedTags(where: string, tags: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  for (const [name, value] of Object.entries(tags)) {
    if (!TAG_NAME.test(name))
      throw new ConfigError(where, `expected a tag name of letters, digits, "_", "-" and "."; got ${JSON.stringify(name)}`);
    if (SYSTEM_TAGS.includes(name))
      throw new ConfigError(
        where,
        `expected a name that is none of ${SYSTEM_TAGS.join(', ')}, which every run sets itself; got ${JSON.stringify(name)}`,
      );
    if (value.length > TAG_VALUE_LENGTH_MAX)
      throw new ConfigError(where, `expected at most ${TAG_VALUE_LENGTH_MAX} characters as the value of ${name}; got ${value.length}`);
  }
  return tags;
}
