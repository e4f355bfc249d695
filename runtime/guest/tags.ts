import { LIMITS } from '../core/mailbox.ts';

/** Tags of a request or a sample as texts. @throws RangeError when there are too many, or a name is too long */
export function textTags(what: string, tags: Readonly<Record<string, unknown>>): Record<string, string> {
  const names = Object.keys(tags);
  if (names.length > LIMITS.tagsMax) throw new RangeError(`${what}: expected at most ${LIMITS.tagsMax} tags; got ${names.length}`);
  const texts: Record<string, string> = {};
  for (const name of names) {
    if (name.length > LIMITS.tagNameLength)
      throw new RangeError(`${what}: expected names of at most ${LIMITS.tagNameLength} characters; got one of ${name.length}`);
    texts[name] = String(tags[name]).slice(0, LIMITS.tagLength);
  }
  return texts;
}
