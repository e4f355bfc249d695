import type { ErrorTally } from '../core/records.ts';

/** Kinds of error that are told apart; the rest is counted as one. */
const KINDS_MAX = 200;
/** Characters kept of a message. */
const SAMPLE_MAX = 2000;
/** Name and kind of what came past the bound. */
const OTHER = 'other';

export interface SeenError {
  /** Request name, scenario, or check. */
  readonly name: string;
  readonly kind: string;
  readonly code: number;
  readonly message: string;
  /** Unix ms. */
  readonly atMs: number;
}

/** Errors counted by name, kind and code, at most 200 of them. Workers record and drain, the coordinator merges and lists. */
export class ErrorBook {
  readonly #tallies = new Map<string, ErrorTally>();

  record(seen: SeenError): void {
    const tally = this.#tallyOf(seen.name, seen.kind, seen.code);
    if (tally.count === 0) {
      tally.firstSeenMs = tally.lastSeenMs = seen.atMs;
      tally.sample = seen.message.slice(0, SAMPLE_MAX);
    }
    tally.count++;
    if (seen.atMs > tally.lastSeenMs) tally.lastSeenMs = seen.atMs;
  }

  /** Adds what another book has drained or listed. */
  merge(tallies: readonly ErrorTally[]): void {
    for (const added of tallies) {
      if (added.count === 0) continue;
      const tally = this.#tallyOf(added.name, added.kind, added.code);
      if (tally.count === 0 || added.firstSeenMs < tally.firstSeenMs) {
        tally.firstSeenMs = added.firstSeenMs;
        tally.sample = added.sample.slice(0, SAMPLE_MAX);
      }
      tally.lastSeenMs = tally.count === 0 ? added.lastSeenMs : Math.max(tally.lastSeenMs, added.lastSeenMs);
      tally.count += added.count;
    }
  }

  /** What came since the last drain. The kinds stay known, so that the bound holds over the whole run. */
  drain(): ErrorTally[] {
    const drained = this.rows();
    for (const tally of this.#tallies.values()) tally.count = 0;
    return drained;
  }

  /** Most frequent first. */
  rows(): ErrorTally[] {
    const rows = [...this.#tallies.values()].filter((tally) => tally.count > 0).map((tally) => ({ ...tally }));
    return rows.sort(
      (a, b) =>
        b.count - a.count || a.firstSeenMs - b.firstSeenMs || (keyOf(a.name, a.kind, a.code) < keyOf(b.name, b.kind, b.code) ? -1 : 1),
    );
  }

  #tallyOf(name: string, kind: string, code: number): ErrorTally {
    const key = keyOf(name, kind, code);
    const known = this.#tallies.get(key);
    if (known !== undefined) return known;
    const otherKey = keyOf(OTHER, OTHER, 0);
    if (this.#tallies.size - (this.#tallies.has(otherKey) ? 1 : 0) >= KINDS_MAX && key !== otherKey) return this.#tallyOf(OTHER, OTHER, 0);
    const tally: ErrorTally = { name, kind, code, count: 0, firstSeenMs: 0, lastSeenMs: 0, sample: '' };
    this.#tallies.set(key, tally);
    return tally;
  }
}

function keyOf(name: string, kind: string, code: number): string {
  return `${kind}\n${code}\n${name}`;
}
