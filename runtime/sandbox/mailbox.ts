import { AsyncLocalStorage } from 'node:async_hooks';
import { frameOf } from '../core/frame.ts';
import { ASK, TO_GUEST } from '../core/mailbox.ts';
import type { StallCell, StallPlace } from '../core/stall-cell.ts';
import { GuestRecordReader, type GuestRecords } from './guest-records.ts';
import { hostService } from './host-services.ts';
import type { SandboxEngine } from './sandbox-engine.ts';

export interface MailboxOptions {
  engine: SandboxEngine;
  stallCell: StallCell;
  /** Where a VU is in its work, for the stall cell. */
  placeOf: (vu: number) => StallPlace;
  /** Which iteration a VU is at, as a number: the next one may have begun before it is known that the last lost an error. */
  iterationOf?: (vu: number) => number;
  /** Answers what hostService does not: bodies, loaded files, the clock. */
  ask: (kind: number, number: number, text: string) => string | number;
  records: GuestRecords;
  /** Scripts that use groups: which one code runs in is kept across awaits. */
  usesContext: boolean;
}

/** VUs of the plan are numbered from 0 on and below this. */
const NEAR_VUS = 1_000_000;

/** More than one VU was woken: the activity table tells which one runs, where it can be read. */
const SEVERAL: StallPlace = { phase: 'several', vu: -1, iteration: 0, scenario: 0 };

/**
 * The host half of the mailbox. Records for VUs are gathered during an event-loop turn and go in with one crossing; when the code that
 * they wake has run dry, what it had to say comes out with another. Which VU's code runs meanwhile is in the guest's activity table.
 */
export class Mailbox {
  readonly #options: MailboxOptions;
  readonly #reader: GuestRecordReader;
  readonly #context: AsyncLocalStorage<number> | undefined;
  /** VUs with something to read, what that is, and by VU its place in these lists. Reused turn by turn. */
  readonly #vus: number[] = [];
  readonly #records: string[] = [];
  readonly #places: (number | undefined)[] = [];
  /** The same for numbers far out, of VUs that were added while the test ran: a list would be as long as the highest. */
  readonly #farPlaces = new Map<number, number>();
  #waiting = 0;
  /** From the first record on until the turn that takes it, and what follows from it, is over. */
  #isScheduled = false;
  #isFirstRound = true;
  /** VUs that were woken in this turn, and how many errors of theirs nobody handled. */
  readonly #woken: { vu: number; iteration: number }[] = [];
  #lostInTurn = 0;
  /** Once an error was lost, a turn wakes one VU alone, with one record: so it is known whose the next one is. */
  #isCareful = false;
  readonly #queue: { vu: number; record: string }[] = [];
  /** Runs after all microtasks that an entry has queued, see #wake. */
  readonly #settled = Promise.resolve();
  readonly #wakeAll = (): void => this.#wake();
  readonly #next = (): void => process.nextTick(this.#listen);
  readonly #listen = (): void => this.#takeOut();

  constructor(options: MailboxOptions) {
    this.#options = options;
    this.#reader = new GuestRecordReader(options.records);
    this.#context = options.usesContext ? new AsyncLocalStorage<number>() : undefined;
  }

  start(guestText: string): void {
    this.#options.engine.start(guestText, (kind, number, text) => this.#answer(kind, number, text));
  }

  /** Whether records wait for a later turn: whoever they are for has not heard of them. */
  get isBehind(): boolean {
    return this.#queue.length > 0;
  }

  /** Whether somebody is to be woken at the end of this event-loop turn. */
  get hasMail(): boolean {
    return this.#isScheduled;
  }

  /** Gives a VU a record at the end of this event-loop turn. */
  post(vu: number, record: string): void {
    if (this.#isCareful) this.#queue.push({ vu, record });
    else this.#gather(vu, record);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#wakeAll);
  }

  #gather(vu: number, record: string): void {
    const isNear = vu < NEAR_VUS;
    const place = isNear ? this.#places[vu + 1] : this.#farPlaces.get(vu);
    if (place !== undefined && place < this.#waiting && this.#vus[place] === vu) this.#records[place] += record;
    else {
      if (isNear) this.#places[vu + 1] = this.#waiting;
      else this.#farPlaces.set(vu, this.#waiting);
      this.#vus[this.#waiting] = vu;
      this.#records[this.#waiting++] = record;
    }
  }

  /** Gives every VU-independent setting at once. */
  postNow(record: string): void {
    this.#enter(record);
  }

  /** A promise of the sandbox was rejected, and nobody handles that. @param reason - not looked at */
  rejected(reason: unknown): void {
    this.#options.engine.rejected(reason);
    this.#enter('');
  }

  /**
   * Whose error it is, and of which iteration, that was lost just now: the only VU that was woken in this turn. Of several, which is so only until the first is lost, one
   * after the other, as they were woken. @returns undefined when none was
   */
  ownerOfLost(): { vu: number; iteration: number } | undefined {
    this.#isCareful = true;
    return this.#woken[this.#lostInTurn++ % this.#woken.length];
  }

  #wake(): void {
    if (this.#isFirstRound) {
      this.#woken.length = 0;
      this.#lostInTurn = 0;
    }
    const next = this.#waiting === 0 ? this.#queue.shift() : undefined;
    if (next !== undefined) this.#gather(next.vu, next.record);
    const count = this.#waiting;
    let frame = '';
    for (let i = 0; i < count; i++) {
      frame += `${TO_GUEST.select},${this.#vus[i]},${this.#records[i]}`;
      const vu = this.#vus[i] as number;
      this.#woken.push({ vu, iteration: this.#options.iterationOf?.(vu) ?? 0 });
      this.#records[i] = '';
    }
    this.#waiting = 0;
    this.#options.stallCell.write(count === 1 ? this.#options.placeOf(this.#vus[0] as number) : SEVERAL);
    this.#enter(frame);
    // nextTick alone would run before the microtasks that this entry queued; a nextTick queued by a microtask runs after all of them
    void this.#settled.then(this.#next);
  }

  /** Iterations that begin because others have ended are woken in the same turn, once: that spares a round of the event loop each. */
  #takeOut(): void {
    this.#enter('');
    const isFirstRound = this.#isFirstRound;
    this.#isFirstRound = true;
    if (this.#waiting === 0 && this.#queue.length === 0) this.#isScheduled = false;
    else if (isFirstRound && !this.#isCareful) {
      this.#isFirstRound = false;
      this.#wake();
    } else setImmediate(this.#wakeAll);
  }

  #enter(frame: string): void {
    let out: string;
    const context = this.#context;
    try {
      out = context === undefined ? this.#options.engine.enter(frame) : context.run(0, () => this.#options.engine.enter(frame));
    } catch {
      // the guest half itself failed: nothing of the sandbox's error is looked at
      this.#options.records.failed();
      return;
    }
    if (out !== '') this.#reader.read(out);
  }

  #answer(kind: number, number: number, text: string): string | number {
    if (this.#context !== undefined) {
      if (kind === ASK.context) return this.#context.getStore() ?? 0;
      if (kind === ASK.enterContext) {
        this.#context.enterWith(number);
        return 0;
      }
    }
    return hostService(kind, number, text) ?? this.#options.ask(kind, number, text);
  }
}

/** `kind,number,…,length:text` */
export function record(kind: number, numbers: readonly number[], text?: string): string {
  return text === undefined ? `${kind},${numbers.length === 0 ? '' : `${numbers.join(',')},`}` : frameOf([kind, ...numbers], text);
}
