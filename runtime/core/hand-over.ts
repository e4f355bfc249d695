/**
 * What workers and coordinator say to each other about work that whoever is free does: starts of an open model that find no free user on
 * their own worker, and shared iterations.
 */

/** A start that is to be begun. */
export interface DueStart {
  readonly index: number;
  /** µs since the period began. */
  readonly dueAtUs: number;
  /** Where it comes from another worker: how long it had waited there for the users' sake alone, µs, whatever stalls that worker had. */
  readonly busyUs?: number;
}

/** Numbers that a start is sent as: index, due time, and what it had waited for the users' sake. */
export const START_NUMBERS = 3;

/** @param busyUs - of one that has not come from another worker itself */
export function numbersOf(starts: readonly DueStart[], busyUs: (start: DueStart) => number): number[] {
  return starts.flatMap((start) => [start.index, start.dueAtUs, start.busyUs ?? busyUs(start)]);
}

export function startsOf(numbers: readonly number[]): Required<DueStart>[] {
  return Array.from({ length: Math.floor(numbers.length / START_NUMBERS) }, (_, i) => {
    const [index, dueAtUs, busyUs] = numbers.slice(i * START_NUMBERS, (i + 1) * START_NUMBERS) as [number, number, number];
    return { index, dueAtUs, busyUs };
  });
}

/** Offers of a worker that may be open at the same moment, by scenario: with `drop` what is due after them waits until one is settled. */
export const OFFERS_MAX = 64;
/** Shared iterations that a worker gets at once beyond those that its users wait for. */
export const AHEAD_MAX = 64;

/**
 * A free user takes what its own worker has first, whatever the lending. `own`: nobody hears of the others. `shared`: somebody had no free user, so
 * what is free is told, and the coordinator decides. `busy`: the same, and every user of the machine is busy: what does not wait is dropped at once.
 */
export type Lending = 'own' | 'shared' | 'busy';

/** What a worker has to say of one scenario. */
export interface ToPool {
  readonly scenario: number;
  /** Starts that are due and that it cannot begin: with `drop` all of them, with `queue` those that it was asked for, or none. */
  readonly offers?: readonly number[];
  /** So many more of its users are free (below 0: fewer); with 0 it answers that it has none. */
  readonly free?: number;
  /** With `queue`: whether starts of its own wait for a user. It keeps them until it is asked for some. */
  readonly queues?: boolean;
  /** The last that it heard of; `free` and `queues` of an earlier one say nothing any more. */
  readonly round?: number;
  /** It begins nothing any more: it lends no user, wants its open offers back, and waits for `left`. */
  readonly leaves?: true;
  /** Shared iterations: so many more of its users wait for one; with 0 none does yet, and it has few left. */
  readonly waiting?: number;
  /** Shared iterations that it was asked to give back. */
  readonly stock?: readonly number[];
  /** Shared iterations: its time is over; whoever says so first counts what is left. */
  readonly claims?: true;
}

/** What the coordinator answers, in the order of the fields. */
export interface FromPool {
  readonly scenario: number;
  readonly lending?: Lending;
  /** With `lending`: what is told from now on is told anew in a new round, beginning with all that is free. */
  readonly round?: number;
  /** To be begun by its own users. */
  readonly grants?: readonly number[];
  /** Of its offers: so many were taken over, by itself or another, and these were not: they are dropped, or wait on. */
  readonly taken?: number;
  readonly returned?: readonly number[];
  /** Answer to `leaves`: whatever was granted to it came before this, and nothing comes after it. */
  readonly left?: true;
  /** Others have so many free users for starts of its own that wait: it is to offer as many, or as it has. */
  readonly wanted?: number;
  /** Shared iterations for it, by number. */
  readonly iterations?: readonly number[];
  /** Shared iterations: give back what has not been begun. */
  readonly recall?: true;
  /** Shared iterations: none is left, here or anywhere. */
  readonly isOver?: true;
  /** Answer to a claim: so many are left, and the number of the first. */
  readonly rest?: { readonly count: number; readonly next: number };
}
