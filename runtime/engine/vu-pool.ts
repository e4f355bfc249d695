import type { Vu } from './vu.ts';

/** A VU of an open model. */
export interface PoolVu {
  /** 0-based within the scenario. */
  readonly v: number;
  readonly vu: Vu;
}

/** The VUs of an open model that are free. The one that got free last is taken first: its connection is warm. */
export class VuPool {
  /** Taken first: those below the number of users that are there from the start. */
  readonly #preferred: PoolVu[] = [];
  readonly #others: PoolVu[] = [];
  /** Not wanted at present. */
  #benched: PoolVu[] = [];
  readonly #preAllocated: number;
  #users: number;
  /** Since when there has always been one free, µs since the run began; of no meaning while there is none. */
  freeSinceUs = Number.NEGATIVE_INFINITY;

  constructor({ preAllocated, users }: { preAllocated: number; users: number }) {
    this.#preAllocated = preAllocated;
    this.#users = users;
  }

  get free(): number {
    return this.#preferred.length + this.#others.length;
  }

  get hasFree(): boolean {
    return this.#preferred.length > 0 || this.#others.length > 0;
  }

  take(): PoolVu | undefined {
    return this.#preferred.pop() ?? this.#others.pop();
  }

  give(member: PoolVu, atUs: number): void {
    if (member.v >= this.#users) {
      this.#benched.push(member);
      return;
    }
    if (!this.hasFree) this.freeSinceUs = atUs;
    (member.v < this.#preAllocated ? this.#preferred : this.#others).push(member);
  }

  /** From now on, those below `users` are wanted. */
  resize(users: number, atUs: number): void {
    this.#users = users;
    const free = [...this.#preferred, ...this.#others];
    const back = this.#benched.filter(({ v }) => v < users);
    this.#benched = this.#benched.filter(({ v }) => v >= users);
    if (free.every(({ v }) => v < users)) {
      for (const member of back.reverse()) this.give(member, atUs);
      return;
    }
    this.#preferred.length = 0;
    this.#others.length = 0;
    const { freeSinceUs } = this;
    for (const member of [...free, ...back]) this.give(member, atUs);
    this.freeSinceUs = freeSinceUs;
  }
}
