import type { DroppedStarts } from './host.ts';

/** Entries at most; then neighbours become one, so that a target that hangs for an hour costs no more than one that hangs for a second. */
const ENTRIES_MAX = 4096;

interface Entry {
  readonly index: number;
  /** Of the one due last: what is said of all is true of each. */
  readonly dueAtUs: number;
  readonly phase: string;
  readonly count: number;
  /** As of a start that came from another worker: the least of all. */
  readonly busyUs?: number;
}

/**
 * Starts that were dropped because all users were busy, until it is known how long each had to wait at the least.
 * That is not known when a start is dropped, and 0 would be untrue: had it been kept, it would have waited until the
 * first user was free. So it is told then, or when the run is over, whichever comes first.
 */
export class DropLog {
  readonly #report: (drop: Omit<DroppedStarts, 'scenario'>) => void;
  #entries: Entry[] = [];

  constructor(report: (drop: Omit<DroppedStarts, 'scenario'>) => void) {
    this.#report = report;
  }

  /** In order of due times. */
  add(start: Omit<Entry, 'count'>): void {
    if (this.#entries.length === ENTRIES_MAX) this.#halve();
    this.#entries.push({ ...start, count: 1 });
  }

  /** A user is free, or the run over. */
  resolve(atUs: number): void {
    if (this.#entries.length === 0) return;
    const entries = this.#entries;
    this.#entries = [];
    for (const entry of entries) this.#report({ ...entry, waitedUs: Math.max(0, atUs - entry.dueAtUs) });
  }

  /** Makes one entry of each two of the same phase. */
  #halve(): void {
    const halved: Entry[] = [];
    let first: Entry | undefined;
    for (const entry of this.#entries) {
      if (first?.phase === entry.phase) {
        halved.push(joined(first, entry));
        first = undefined;
      } else {
        if (first !== undefined) halved.push(first);
        first = entry;
      }
    }
    if (first !== undefined) halved.push(first);
    this.#entries = halved;
  }
}

function joined(first: Entry, entry: Entry): Entry {
  const isHanded = first.busyUs !== undefined || entry.busyUs !== undefined;
  const busyUs = Math.min(first.busyUs ?? Number.POSITIVE_INFINITY, entry.busyUs ?? Number.POSITIVE_INFINITY);
  return { ...entry, index: first.index, count: first.count + entry.count, ...(isHanded ? { busyUs } : {}) };
}
