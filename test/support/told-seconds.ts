import type { SeriesDelta } from '../../runtime/core/delta.ts';
import { Ledger, type SecondFacts } from '../../runtime/record/ledger.ts';
import type { Second } from '../../runtime/record/second.ts';

/** A line of a journal as far as a second is made of it. */
export interface ToldLine extends Omit<SecondFacts, 'second'> {
  readonly deltas: readonly SeriesDelta[];
}

/** The seconds of the lines of one stream. */
export function secondsOf(lines: Iterable<ToldLine>): Second[] {
  const ledger = new Ledger();
  return Array.from(lines, (line, second) => {
    ledger.take(0, line.deltas);
    return ledger.close({ second, ...line });
  });
}

/** Tells a ledger of one worker second after second. */
export function teller(ledger = new Ledger()): (deltas: readonly SeriesDelta[], facts?: Partial<SecondFacts>) => Second {
  let second = 0;
  return (deltas, facts = {}) => {
    ledger.take(0, deltas);
    return ledger.close({ second: second++, atMs: second * 1_000, users: 1, ...facts });
  };
}
