import { LIMITS } from '../core/mailbox.ts';
import type { Tags } from '../core/records.ts';

/** What the numbers in the guest's records stand for. */
export class ScriptNames {
  readonly #names = new Map<number, string>();
  readonly #groups = new Map<number, string>();
  readonly #tags = new Map<number, Tags>();
  readonly #phases = new Map<string, number>([['', 0]]);

  set(id: number, name: string): void {
    this.#names.set(id, name);
  }

  nameOf(id: number): string {
    return this.#names.get(id) ?? '';
  }

  /** A group was entered for the first time. */
  setGroup(parent: number, id: number, nameId: number): void {
    this.#groups.set(id, `${this.groupOf(parent)}::${this.nameOf(nameId)}`.slice(0, LIMITS.tagLength));
  }

  /** A context with `vu.tags` was used for the first time. @param json - of the sandbox: what are no texts is left out */
  setTags(parent: number, id: number, json: string): void {
    this.#groups.set(id, this.groupOf(parent));
    if (this.#tags.size < LIMITS.tagSetsMax) this.#tags.set(id, textsOf(json));
  }

  /** As k6 writes it: `::outer::inner`; empty outside of any. */
  groupOf(context: number): string {
    return this.#groups.get(context) ?? '';
  }

  /** `vu.tags` of a context; undefined when it has none. */
  tagsOf(context: number): Tags | undefined {
    return this.#tags.get(context);
  }

  /** A number for the name of a shape's part, and whether the guest has heard it. */
  phaseId(name: string): { id: number; isNew: boolean } {
    const known = this.#phases.get(name);
    if (known !== undefined) return { id: known, isNew: false };
    const id = this.#phases.size;
    this.#phases.set(name, id);
    return { id, isNew: true };
  }
}

function textsOf(json: string): Tags {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const texts = Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(
    texts.slice(0, LIMITS.tagsMax).map(([name, text]) => [name.slice(0, LIMITS.tagNameLength), text.slice(0, LIMITS.tagLength)]),
  );
}
