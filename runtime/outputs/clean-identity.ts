import type { SeriesIdentity } from '../core/delta.ts';

/** A series without secrets: scripts choose the names of metrics and tags as well as the values. Two tags that become the same stay two. */
export function cleanIdentity(identity: SeriesIdentity, redact: (text: string) => string): SeriesIdentity {
  const tags = new Map<string, string>();
  for (const [tag, value] of Object.entries(identity.tags)) {
    let name = redact(tag);
    while (tags.has(name)) name += '_';
    tags.set(name, redact(value));
  }
  // brackets are in no metric's name: a server would refuse all that is sent with it
  const metric = redact(identity.metric).replace(/[[\]]/g, '_');
  return { ...identity, metric, tags: Object.fromEntries(tags) };
}
