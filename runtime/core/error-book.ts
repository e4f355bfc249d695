import type { ErrorTally } from './records.ts';

/** Kinds of error that are told apart; the rest is counted as one. */
const KINDS_MAX = 200;
/** Characters kept of a message. */
const SAMPLE_MAX = 2000;
/** Name and kind of what came past the bound. */
const OTHER = 'other';

/** What tells errors apart, beside the words of those that a script says of answers. */
type ErrorIdentity = Pick<ErrorTally, 'name' | 'kind' | 'code' | 'task' | 'method' | 'period'>;

export interface SeenError extends Readonly<ErrorIdentity> {
  /** Asked for where it is kept: of the first of its kind. */
  readonly message: string | (() => string);
  /** What tells it apart where words do; absent: its message. */
  readonly reason?: string;
  /** Unix ms. */
  readonly atMs: number;
}

/** How a text is made short enough to be kept. */
export type Cut = (text: string, lengthMax: number) => string;

/** Errors counted by name, kind and code, task, method and part of the run, at most 200 of them. Workers record and drain, the coordinator merges and lists. */
export class ErrorBook {
  readonly #tallies = new Map<string, ErrorTally>();
  readonly #cut: Cut;

  /** @param cut - knows what must not be seen, also where it cuts */
  constructor(cut: Cut = (text, lengthMax) => text.slice(0, lengthMax)) {
    this.#cut = cut;
  }

  record(seen: SeenError): void {
    const tally = this.#tallyOf(seen, wordsOf(seen));
    if (tally.count === 0) {
      tally.firstSeenMs = tally.lastSeenMs = seen.atMs;
      tally.sample = this.#cut(typeof seen.message === 'string' ? seen.message : seen.message(), SAMPLE_MAX);
    }
    tally.count++;
    if (seen.atMs > tally.lastSeenMs) tally.lastSeenMs = seen.atMs;
  }

  /** Adds what another book has drained or listed. */
  merge(tallies: readonly ErrorTally[]): void {
    for (const added of tallies) {
      if (added.count === 0) continue;
      const tally = this.#tallyOf(added, added.sample);
      if (tally.count === 0 || added.firstSeenMs < tally.firstSeenMs) {
        tally.firstSeenMs = added.firstSeenMs;
        tally.sample = this.#cut(added.sample, SAMPLE_MAX);
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
      (a, b) => b.count - a.count || a.firstSeenMs - b.firstSeenMs || (errorKey(a, a.sample) < errorKey(b, b.sample) ? -1 : 1),
    );
  }

  #tallyOf(error: ErrorIdentity, words: string): ErrorTally {
    const key = errorKey(error, words);
    const known = this.#tallies.get(key);
    if (known !== undefined) {
      if (known.name !== error.name) known.name = numberless(known.name);
      return known;
    }
    const otherKey = errorKey(OTHER_KIND, '');
    if (this.#tallies.size - (this.#tallies.has(otherKey) ? 1 : 0) >= KINDS_MAX && key !== otherKey) return this.#tallyOf(OTHER_KIND, '');
    const { name, kind, code, task, method, period } = error;
    const tally: ErrorTally = {
      name,
      kind,
      code,
      ...(task === undefined ? {} : { task }),
      ...(method === undefined ? {} : { method }),
      ...(period === undefined ? {} : { period }),
      ...{ count: 0, firstSeenMs: 0, lastSeenMs: 0, sample: '' },
    };
    this.#tallies.set(key, tally);
    return tally;
  }
}

/** Asked for only where words tell errors apart: what is said of each failed request costs more than counting it. */
function wordsOf({ kind, reason, message }: SeenError): string {
  if (kind !== TOLD_BY_WORDS) return '';
  return reason ?? (typeof message === 'string' ? message : message());
}

const OTHER_KIND: ErrorIdentity = { name: OTHER, kind: OTHER, code: 0 };
/** Of what a script says of an answer. */
const TOLD_BY_WORDS = 'unexpected';
/** Characters of a reason that tell it apart. */
const REASON_MAX = 200;

/**
 * The same for errors that are one row: what a script threw, or says of an answer, may differ in numbers and ids.
 * @param words - of kind `unexpected`: what it says; nothing else tells one such reason from another
 */
export function errorKey({ name, kind, code, task = '', method = '', period }: ErrorIdentity, words = ''): string {
  const reason = kind === TOLD_BY_WORDS ? numberless(words.slice(0, REASON_MAX)) : '';
  return `${kind}\n${code}\n${kind === 'script' ? numberless(name) : name}\n${task}\n${method}\n${period ?? ''}\n${reason}`;
}

/** UUIDs, long hexadecimal ids and numbers, as they stand in messages. */
const NUMBERS = /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=[a-f]*\d)[0-9a-f]{12,}\b|\d+(?:[.,]\d+)*/gi;

function numberless(text: string): string {
  return text.replace(NUMBERS, '#');
}
