import type { SeriesDelta } from '../core/delta.ts';
import { ClusterError } from '../core/errors.ts';
import { issueText } from '../core/issue-text.ts';
import type { NumberedSeries } from '../core/samples.ts';
import { decodeDeltas, encodeDeltas } from '../messages/delta-codec.ts';
import type { SnapshotMessage } from '../messages/messages.ts';
import { numberedSeriesSchema, seriesDeltaSchema } from './delta-schema.ts';
import type { JournalLine, Told } from './journal.ts';
import type { Ledger } from './ledger.ts';

/** What workers tell between two lines of the journal, as the next line has it: the bytes as they came. */
export class ToldSecond {
  readonly told: Told[] = [];
  readonly numbers: string[] = [];

  add(worker: number, { deltas, numbers }: Pick<SnapshotMessage, 'deltas' | 'numbers'>): void {
    if (deltas.length === 0) return;
    const coded = numbers === undefined ? encodeDeltas(deltas) : { numbers, series: introducedBy(deltas) };
    this.told.push({ worker, ...(coded.series.length === 0 ? {} : { series: coded.series }) });
    this.numbers.push(coded.numbers.toString('base64'));
  }

  lost(worker: number): void {
    this.told.push({ worker, isLost: true });
    this.numbers.push('');
  }
}

function introducedBy(deltas: readonly SeriesDelta[]): NumberedSeries[] {
  return deltas.flatMap(({ id, series }) => (series === undefined ? [] : [{ id, identity: series }]));
}

/** Tells a ledger again what workers told, line by line. Those of versions 1 and 2 are the deltas of one worker. */
export class ToldAgain {
  readonly #ledger: Ledger;
  readonly #onDamage: (problem: string) => void;
  /** By worker: series that it has introduced. */
  readonly #known = new Map<number, Set<number>>();

  /** @param onDamage - told of each entry, or delta, that is none; it is left out, unless this throws */
  constructor(ledger: Ledger, onDamage: (problem: string) => void) {
    this.#ledger = ledger;
    this.#onDamage = onDamage;
  }

  /** @throws {ClusterError} when a worker contradicts itself */
  take({ deltas, told, numbers }: JournalLine): void {
    if (deltas !== undefined) this.#tell(0, this.#parsed(deltas));
    told.forEach((entry, i) => {
      if (entry.isLost === true) this.#ledger.lose(entry.worker);
      else this.#tell(entry.worker, this.#decoded(entry, numbers[i] ?? ''));
    });
  }

  #tell(worker: number, deltas: readonly SeriesDelta[]): void {
    const known = this.#known.get(worker) ?? new Set();
    this.#known.set(worker, known);
    const readable = deltas.filter(({ id, series }) => {
      if (series !== undefined) known.add(id);
      if (!known.has(id)) this.#onDamage(`expected a series that was introduced; got number ${id}`);
      return known.has(id);
    });
    this.#ledger.take(worker, readable);
  }

  #parsed(deltas: readonly unknown[]): SeriesDelta[] {
    return deltas.flatMap((delta) => {
      const parsed = seriesDeltaSchema.safeParse(delta);
      if (parsed.success) return [parsed.data];
      this.#onDamage(`expected the numbers of a series; ${issueText(parsed.error, 'the series')}`);
      return [];
    });
  }

  #decoded({ series = [] }: Told, numbers: string): SeriesDelta[] {
    const names = series.map((each) => numberedSeriesSchema.safeParse(each));
    const wrong = names.find(({ success }) => !success)?.error;
    if (wrong !== undefined) this.#onDamage(`expected the name of a series; ${issueText(wrong, 'the series')}`);
    try {
      return decodeDeltas({ series: names.flatMap(({ data }) => data ?? []), numbers: Buffer.from(numbers, 'base64') });
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      this.#onDamage(error.message);
      return [];
    }
  }
}
