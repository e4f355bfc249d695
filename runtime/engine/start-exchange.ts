import { type FromPool, type Lending, OFFERS_MAX } from '../core/hand-over.ts';
import type { HandOverPort } from './host.ts';

/** What the scenario does with what comes of it. */
interface ExchangeHost {
  /** Users that are free now. */
  freeUsers(): number;
  /** A start of this or another worker is to be begun by a free user. @returns false when there is none after all */
  begin(index: number, dueAtUs: number): boolean;
  /** A start of this worker was taken by nobody. */
  drop(index: number, dueAtUs: number): void;
  /** Something may be done now that could not be before. @param hasFree - some user of the machine is free */
  changed(hasFree: boolean): void;
}

/** One worker's side of handing starts over. While nobody waits it says nothing, and hears nothing. */
export class StartExchange {
  readonly #scenario: number;
  readonly #port: HandOverPort;
  readonly #host: ExchangeHost;
  #lending: Lending = 'own';
  /** Free users that the coordinator knows of and has not used. */
  #lent = 0;
  #open = 0;
  #hasWithdrawn = false;

  constructor(scenario: number, port: HandOverPort, host: ExchangeHost) {
    this.#scenario = scenario;
    this.#port = port;
    this.#host = host;
  }

  /** Whether free users are this worker's own to use. */
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

  /** Offers of which it is not known what became of them. */
  get isWaiting(): boolean {
    return this.#open > 0;
  }

  /** @param starts - pairs, no more than there is room for */
  offer(starts: readonly number[]): void {
    this.#open += starts.length / 2;
    this.#port.tell({ scenario: this.#scenario, offers: starts });
  }

  /** Users may have become free. */
  lend(): void {
    if (this.#lending === 'own') return;
    const more = this.#host.freeUsers() - this.#lent;
    if (more <= 0) return;
    this.#lent += more;
    this.#port.tell({ scenario: this.#scenario, free: more });
  }

  /** Nothing begins any more: offers that are open come back. */
  withdraw(): void {
    if (this.#open === 0 || this.#hasWithdrawn) return;
    this.#hasWithdrawn = true;
    this.#port.tell({ scenario: this.#scenario, withdraws: true });
  }

  take({ lending, grants = [], taken = 0, returned = [] }: FromPool): void {
    if (lending !== undefined) this.#lendBy(lending);
    const again: number[] = [];
    for (let i = 0; i < grants.length; i += 2) {
      const [index, dueAtUs] = [grants[i] as number, grants[i + 1] as number];
      this.#lent = Math.max(0, this.#lent - 1);
      if (!this.#host.begin(index, dueAtUs)) again.push(index, dueAtUs);
    }
    this.#open -= taken + returned.length / 2;
    if (again.length > 0) this.offer(again);
    for (let i = 0; i < returned.length; i += 2) this.#host.drop(returned[i] as number, returned[i + 1] as number);
    this.#host.changed(lending === 'own');
  }

  #lendBy(lending: Lending): void {
    const isFirst = this.#lending === 'own';
    this.#lending = lending;
    if (lending === 'own') this.#lent = 0;
    if (lending === 'own' || !isFirst) return;
    this.#lent = this.#host.freeUsers();
    this.#port.tell({ scenario: this.#scenario, free: this.#lent });
  }
}
