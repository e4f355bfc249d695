import { LIMITS } from '../../core/mailbox.ts';

/** What the numbers in the guest's records stand for. */
export class ScriptNames {
  readonly #names = new Map<number, string>();
  readonly #groups = new Map<number, string>();
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

  /** As k6 writes it: `::outer::inner`; empty outside of any. */
  groupOf(context: number): string {
    return this.#groups.get(context) ?? '';
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
