import { AsyncLocalStorage } from 'node:async_hooks';
import { frameOf } from '../core/frame.ts';
import { ASK } from '../core/mailbox.ts';
import { GuestRecordReader, type GuestRecords } from './guest-records.ts';
import { hostService } from './host-services.ts';
import type { SandboxEngine } from './sandbox-engine.ts';
import type { StallCell, StallPlace } from './stall-cell.ts';

export interface MailboxOptions {
  engine: SandboxEngine;
  stallCell: StallCell;
  /** Where a VU is in its work, for the stall cell. */
  placeOf: (vu: number) => StallPlace;
  /** Answers what hostService does not: bodies, loaded files, the clock. */
  ask: (kind: number, number: number, text: string) => string | number;
  records: GuestRecords;
  /** Scripts that use groups: which one code runs in is kept across awaits. */
  usesContext: boolean;
}

const HOST: StallPlace = { phase: 'host', vu: -1, iteration: 0, scenario: 0 };

/**
 * The host half of the mailbox. Records for VUs are gathered during an event-loop turn; then each VU with something to read is entered
 * once, and its code runs dry before the next one is entered. So the stall cell always names the VU that runs, every time is that VU's
 * own, and a turn costs one crossing per VU: what the last VU wrote comes back with the next one's entry.
 */
export class Mailbox {
  readonly #options: MailboxOptions;
  readonly #reader: GuestRecordReader;
  readonly #context: AsyncLocalStorage<number> | undefined;
  #frames = new Map<number, string>();
  #isScheduled = false;
  /** Runs after the microtasks of the VU just entered, see #next. */
  readonly #settled = Promise.resolve();
  readonly #pump = (): void => this.#enterNext();
  readonly #next = (): void => process.nextTick(this.#pump);
  /** VU whose code runs now; −1 outside. */
  currentVu = -1;

  constructor(options: MailboxOptions) {
    this.#options = options;
    this.#reader = new GuestRecordReader(options.records);
    this.#context = options.usesContext ? new AsyncLocalStorage<number>() : undefined;
  }

  start(guestText: string): void {
    this.#options.engine.start(guestText, (kind, number, text) => this.#answer(kind, number, text));
  }

  /** Gives a VU a record at the end of this event-loop turn. */
  post(vu: number, record: string): void {
    const waiting = this.#frames.get(vu);
    this.#frames.set(vu, waiting === undefined ? record : waiting + record);
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#pump);
  }

  /** Gives every VU-independent setting at once. */
  postNow(record: string): void {
    this.#reader.read(this.#options.engine.enter(`-1,${record}`));
  }

  #enterNext(): void {
    const frames = this.#frames;
    for (const [vu, frame] of frames) {
      frames.delete(vu);
      this.currentVu = vu;
      this.#options.stallCell.write(this.#options.placeOf(vu));
      this.#enter(`${vu},${frame}`);
      // nextTick alone would run before the microtasks that this entry queued; a nextTick queued by a microtask runs after all of them
      void this.#settled.then(this.#next);
      return;
    }
    this.currentVu = -1;
    this.#options.stallCell.write(HOST);
    this.#enter('');
    this.#isScheduled = false;
    if (frames.size > 0) {
      this.#isScheduled = true;
      setImmediate(this.#pump);
    }
  }

  #enter(frame: string): void {
    let out: string;
    const context = this.#context;
    try {
      out = context === undefined ? this.#options.engine.enter(frame) : context.run(0, () => this.#options.engine.enter(frame));
    } catch {
      // the guest half itself failed (a stack overflow inside it, say): nothing of the sandbox's error is looked at
      this.#options.records.failed(this.currentVu);
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
