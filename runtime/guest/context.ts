import { ASK, LIMITS, TO_HOST } from '../core/mailbox.ts';
import { ask } from './host.ts';
import { nextContextId, textField, write } from './outbox.ts';
import { settings, type Vu } from './state.ts';
import { textTags } from './tags.ts';

/** The group that code runs in now; 0 outside of any. Asked only of scripts that use groups. */
export function groupId(): number {
  return settings.usesContext ? Number(ask(ASK.context, 0, '')) : 0;
}

/** Group and `vu.tags` of what is asked for now, as one number. */
export function contextId(vu: Vu): number {
  const group = groupId();
  return vu.tags === undefined ? group : contextIn(vu, group);
}

/** Numbers of contexts with tags, by group and tags. */
const tagged = new Map<string, number>();

/** A group with the tags that the VU has now. @throws RangeError when the script makes up ever new ones */
export function contextIn(vu: Vu, group: number): number {
  if (vu.tags === undefined) return group;
  const json = JSON.stringify(textTags('vu.tags', vu.tags));
  if (json === '{}') return group;
  const key = `${group}/${json}`;
  let id = tagged.get(key);
  if (id === undefined) {
    if (tagged.size >= LIMITS.tagSetsMax)
      throw new RangeError(
        `vu.tags: expected at most ${LIMITS.tagSetsMax} different sets of tags; got one more: do not put changing values into them`,
      );
    id = nextContextId();
    tagged.set(key, id);
    write(vu, TO_HOST.tagged, `${group},${id},${textField(json)}`);
  }
  return id;
}

/** Tells the host of tags that have changed: what an iteration itself is counted under. Never throws. */
export function sendVuTags(vu: Vu): void {
  if (vu.tags === undefined) return;
  try {
    const id = contextIn(vu, 0);
    if (id === vu.sentContext) return;
    vu.sentContext = id;
    write(vu, TO_HOST.vuTags, `${id},`);
  } catch {
    // too many tags: whatever the script asked for since has said so
  }
}
