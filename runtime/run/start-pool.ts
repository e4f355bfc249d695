import { ClusterError } from '../core/errors.ts';
import { type DueStart, type FromPool, type Lending, numbersOf, OFFERS_MAX, startsOf, type ToPool } from '../core/hand-over.ts';

/** A start that waits for a user, and the worker whose it is. */
interface WaitingStart extends Required<DueStart> {
  readonly worker: number;
}

/** Says something of this scenario to a worker; what is said to one in a turn travels together. */
export type Tell = (worker: number, what: Omit<FromPool, 'scenario'>) => void;

/**
 * Starts of one open scenario that found no free user on their own worker, and free users of the others. While nobody waits it is empty, and nobody
 * speaks. When somebody does, all tell whether users of theirs are left over. With `drop` starts come unasked, and go to free users in order of due
 * times. With `queue` they stay with their worker, whose users take them without a word, and as many are asked for as users are left over elsewhere.
 */
export class StartPool {
  readonly #isDropping: boolean;
  readonly #workers: ReadonlySet<number>;
  readonly #tell: Tell;
  #lending: Lending = 'own';
  /** By due time. */
  #waiting: WaitingStart[] = [];
  /** Counts up when lending begins and when it ends: what was told before is over. */
  #round = 0;
  /** Free users by worker, below 0 where one was granted that had just been used; who is not in it has not answered yet. */
  readonly #free = new Map<number, number>();
  /** Workers whose own starts wait, with `queue`. */
  readonly #queueing = new Set<number>();
  /** Workers that begin nothing any more: they have no free user, whatever they still say. */
  readonly #left = new Set<number>();
  /** By worker: starts that it was asked for, until it answers. */
  readonly #wanted = new Map<number, number>();
  /** By worker: starts that it did for others, less those of its own that others did. */
  readonly #moved = new Map<number, number>();

  /** @param workers - those that take part at present, kept up to date by the owner */
  constructor(options: { isDropping: boolean; workers: ReadonlySet<number>; tell: Tell }) {
    this.#isDropping = options.isDropping;
    this.#workers = options.workers;
    this.#tell = options.tell;
  }

  /** Starts that the worker did for others, less those of its own that others did. */
  movedTo(worker: number): number {
    return this.#moved.get(worker) ?? 0;
  }

  /** @throws {ClusterError} when a worker offers more than it may */
  take(worker: number, { offers, free, queues, round, leaves }: ToPool): void {
    if (offers !== undefined) this.#add(worker, offers);
    if (this.#lending === 'own' && queues === true) this.#lend('shared');
    else if (this.#lending !== 'own' && round === this.#round) {
      if (free !== undefined) this.#free.set(worker, this.#left.has(worker) ? 0 : (this.#free.get(worker) ?? 0) + free);
      if (queues === true) this.#queueing.add(worker);
      else this.#queueing.delete(worker);
    }
    if (leaves === true) this.#leave(worker);
    this.#match();
  }

  /** A worker comes into a period that goes on. */
  joined(worker: number): void {
    if (this.#lending !== 'own') this.#tell(worker, { lending: this.#lending, round: this.#round });
  }

  /** A worker was lost, or is done: nobody waits for it, and nothing of it waits. */
  gone(worker: number): void {
    this.#waiting = this.#waiting.filter((start) => start.worker !== worker);
    for (const known of [this.#free, this.#queueing, this.#wanted, this.#left]) known.delete(worker);
    this.#match();
  }

  /** Its offers come back, and it is granted nothing from here on. */
  #leave(worker: number): void {
    this.#left.add(worker);
    this.#free.set(worker, 0);
    for (const known of [this.#queueing, this.#wanted]) known.delete(worker);
    this.#giveBack(worker);
    this.#tell(worker, { left: true });
  }

  #add(worker: number, offers: readonly number[]): void {
    this.#wanted.delete(worker);
    if (offers.length === 0) return;
    const added = startsOf(offers).map((start) => ({ ...start, worker }));
    this.#waiting = [...this.#waiting, ...added].sort((a, b) => a.dueAtUs - b.dueAtUs);
    if (this.#waiting.length > (this.#workers.size + 1) * OFFERS_MAX) throw new ClusterError('a worker offered more starts than it may');
    if (this.#lending === 'own') this.#lend('shared');
  }

  #lend(lending: Lending): void {
    this.#lending = lending;
    if (lending !== 'busy') {
      this.#round++;
      this.#free.clear();
      this.#queueing.clear();
    }
    for (const worker of this.#workers) this.#tell(worker, { lending, round: this.#round });
  }

  #match(): void {
    while (this.#waiting.length > 0) {
      const to = this.#freeWorkerFor((this.#waiting[0] as WaitingStart).worker);
      if (to === undefined) break;
      this.#grant(this.#waiting.shift() as WaitingStart, to);
    }
    if (this.#lending === 'own') return;
    const free = [...this.#free.values()].reduce((sum, count) => sum + Math.max(0, count), 0);
    const isAllKnown = [...this.#workers].every((worker) => this.#free.has(worker));
    if (!this.#isDropping) {
      this.#giveBackAll();
      this.#ask(free);
      if (free > 0 && isAllKnown && this.#queueing.size === 0 && this.#wanted.size === 0) this.#lend('own');
    } else if (free > 0) {
      if (this.#waiting.length === 0) this.#lend('own');
    } else if (isAllKnown) {
      this.#giveBackAll();
      if (this.#lending !== 'busy') this.#lend('busy');
    }
  }

  /** As many starts as there are free users that none is asked for yet, evenly of those who have some. */
  #ask(free: number): void {
    let spare = free - [...this.#wanted.values()].reduce((sum, count) => sum + count, 0);
    const asked = [...this.#queueing].filter((worker) => !this.#wanted.has(worker));
    for (const [i, worker] of asked.entries()) {
      const wanted = Math.min(Math.ceil(spare / (asked.length - i)), OFFERS_MAX);
      if (wanted <= 0) return;
      spare -= wanted;
      this.#wanted.set(worker, wanted);
      this.#tell(worker, { wanted });
    }
  }

  /** A worker with a free user: the start's own, else the one that has most. */
  #freeWorkerFor(own: number): number | undefined {
    if ((this.#free.get(own) ?? 0) > 0) return own;
    let [best, most] = [undefined as number | undefined, 0];
    for (const [worker, count] of this.#free) if (count > most) [best, most] = [worker, count];
    return best;
  }

  #grant(start: WaitingStart, to: number): void {
    const { worker } = start;
    this.#free.set(to, (this.#free.get(to) ?? 0) - 1);
    this.#tell(to, { grants: sentAs([start]) });
    this.#tell(worker, { taken: 1 });
    if (to === worker) return;
    this.#moved.set(to, this.movedTo(to) + 1);
    this.#moved.set(worker, this.movedTo(worker) - 1);
  }

  #giveBackAll(): void {
    for (const worker of new Set(this.#waiting.map((start) => start.worker))) this.#giveBack(worker);
  }

  #giveBack(worker: number): void {
    const returned = sentAs(this.#waiting.filter((start) => start.worker === worker));
    this.#waiting = this.#waiting.filter((start) => start.worker !== worker);
    this.#tell(worker, { returned });
  }
}

function sentAs(starts: readonly WaitingStart[]): number[] {
  return numbersOf(starts, ({ busyUs }) => busyUs ?? 0);
}
