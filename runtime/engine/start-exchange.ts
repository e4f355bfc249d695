import { type DueStart, type FromPool, type Lending, numbersOf, OFFERS_MAX, START_NUMBERS, startsOf } from '../core/hand-over.ts';
import type { HandOverPort } from './host.ts';

/** What the scenario does with what comes of it. */
interface ExchangeHost {
  /** Users that are free now, also for others. */
  freeUsers(): number;
  /** Whether a start waits for a user, and does so until there is one. */
  queues(): boolean;
  /** So many starts that wait, at the most; it has them no more. */
  giveAway(most: number): DueStart[];
  /** A start of this or another worker is to be begun by a free user. @returns false when there is none after all, and it does not wait for one */
  begin(start: DueStart): boolean;
  /** A start of this worker was taken by nobody. */
  takeBack(start: DueStart): void;
  /** How long it has waited for the users' sake alone, µs, whatever stalls this worker had. */
  busyUs(start: DueStart): number;
  /** Something may be done now that could not be before. @param hasFree - some user of the machine is free */
  changed(hasFree: boolean): void;
}

/**
 * One worker's side of handing starts over. While nobody waits it says nothing, and hears nothing. Its own starts and users meet without it: what it
 * tells are users that find nothing to do here, and that starts wait; these stay here, to be begun by the next own user, until others ask for them.
 */
export class StartExchange {
  readonly #scenario: number;
  readonly #port: HandOverPort;
  readonly #host: ExchangeHost;
  #lending: Lending = 'own';
  #round = 0;
  /** Free users that the coordinator knows of and has not used; below 0 while it takes back what has just been used. */
  #lent = 0;
  /** What the coordinator knows of starts that wait. */
  #queues = false;
  #open = 0;
  /** Of the open offers those that are of other workers, by index. */
  readonly #passedOn = new Set<number>();
  /** Whether it takes part; while it is leaving, grants may still be on their way. */
  #part: 'takes' | 'leaving' | 'has left' = 'takes';

  constructor(scenario: number, port: HandOverPort, host: ExchangeHost) {
    this.#scenario = scenario;
    this.#port = port;
    this.#host = host;
  }

  /** Nobody waits, as far as is known. */
  get isOwn(): boolean {
    return this.#lending === 'own';
  }

  /** Every user of the machine is busy. */
  get isAllBusy(): boolean {
    return this.#lending === 'busy';
  }

  /** How many more starts may be offered. */
  get room(): number {
    return OFFERS_MAX - this.#open;
  }

  /** Offers of which it is not known what became of them, or users that others may have got. */
  get isWaiting(): boolean {
    return this.#open > 0 || this.#part === 'leaving';
  }

  /** @param starts - no more than there is room for */
  offer(starts: readonly DueStart[]): void {
    if (starts.length === 0) return;
    this.#open += starts.length;
    this.#port.tell({ scenario: this.#scenario, offers: this.#numbersOf(starts) });
  }

  /** Own users and own starts have met: what is left of either is told, if it is news. */
  tellRest(): void {
    const queues = this.#host.queues();
    const more = this.#lending === 'own' ? 0 : this.#host.freeUsers() - this.#lent;
    // that none waits any more is no news by itself: whoever asks for one is told
    if (more === 0 && (!queues || this.#queues)) return;
    this.#tellState(more, queues);
  }

  /** Nothing begins any more: offers that are open come back, and so do users that were lent. Who has told of none has nothing to wait for. */
  leave(): void {
    if (this.#part !== 'takes' || (this.#lending === 'own' && this.#open === 0)) return;
    this.#part = 'leaving';
    this.#port.tell({ scenario: this.#scenario, leaves: true });
  }

  take({ lending, round, grants = [], taken = 0, returned = [], left, wanted }: FromPool): void {
    if (lending !== undefined) this.#lendBy(lending, round ?? this.#round);
    this.#lent -= grants.length / START_NUMBERS;
    const again = startsOf(grants).filter((start) => !this.#host.begin(start));
    this.#open -= taken + returned.length / START_NUMBERS;
    for (const { index, dueAtUs, busyUs } of startsOf(returned))
      this.#host.takeBack(this.#passedOn.has(index) ? { index, dueAtUs, busyUs } : { index, dueAtUs });
    if (this.#open === 0) this.#passedOn.clear();
    this.offer(again);
    if (left === true) this.#part = 'has left';
    if (wanted !== undefined) this.#giveAway(wanted);
    this.#host.changed(lending === 'own');
  }

  #lendBy(lending: Lending, round: number): void {
    this.#lending = lending;
    if (round === this.#round) return;
    this.#round = round;
    this.#lent = 0;
    this.#queues = false;
    if (lending !== 'own') this.#tellState(this.#host.freeUsers(), this.#host.queues());
  }

  #giveAway(wanted: number): void {
    const starts = this.#host.giveAway(Math.min(wanted, this.room));
    this.#open += starts.length;
    this.#queues = this.#host.queues();
    this.#port.tell({ scenario: this.#scenario, offers: this.#numbersOf(starts), queues: this.#queues, round: this.#round });
  }

  #numbersOf(starts: readonly DueStart[]): number[] {
    for (const { index, busyUs } of starts) if (busyUs !== undefined) this.#passedOn.add(index);
    return numbersOf(starts, (start) => this.#host.busyUs(start));
  }

  #tellState(more: number, queues: boolean): void {
    this.#lent += more;
    this.#queues = queues;
    this.#port.tell({ scenario: this.#scenario, free: more, queues, round: this.#round });
  }
}
