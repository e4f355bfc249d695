import { ErrorBook } from '../core/error-book.ts';
import { ConfigError } from '../core/errors.ts';
import { type GeneratorSecond, NO_STARTS, type StartCounts } from '../core/records.ts';
import { readJournal } from './journal.ts';
import { LatencyLog } from './latency-log.ts';
import { Ledger } from './ledger.ts';
import { RunTimeline } from './run-timeline.ts';
import { enters, type SaidSecond, type Second } from './second.ts';
import type { MetricStore } from './store.ts';
import { ToldAgain } from './told-lines.ts';

/** What the lines of a journal add up to. */
export interface JournalContent {
  readonly store: MetricStore;
  readonly timeline: RunTimeline;
  readonly latencyLog: LatencyLog;
  readonly errors: ErrorBook;
  /** Seconds of the measured period, by worker. */
  readonly generator: ReadonlyMap<number, GeneratorSecond[]>;
  readonly starts: StartCounts;
  /** Unix ms; undefined when the journal is empty. */
  readonly startedMs: number | undefined;
  /** Length of the measured window; to the last line when the run was killed in it. Of an older journal to the last line in any case. */
  readonly measuredS: number;
}

/** @throws {ConfigError} when the journal cannot be read, or is damaged before its last line */
export async function readWholeJournal(
  path: string,
  onRemark: (remark: string) => void,
  options: { isFullHistory?: boolean } = {},
): Promise<JournalContent> {
  const [timeline, latencyLog, errors] = [new RunTimeline(options), new LatencyLog(), new ErrorBook()];
  const ledger = new Ledger();
  let at = 0;
  const told = new ToldAgain(ledger, (problem) => {
    throw new ConfigError(path, `second ${at}: ${problem}`);
  });
  const generator = new Map<number, GeneratorSecond[]>();
  let first: Second | undefined;
  let last: Second | undefined;
  let measuringSinceMs: number | undefined;
  for await (const line of readJournal(path, onRemark)) {
    at = line.second;
    told.take(line);
    const second = ledger.close(line);
    first ??= second;
    last = second;
    if (enters(second, 'measuring')) measuringSinceMs = second.atMs;
    errors.merge(second.errors);
    timeline.add(second);
    latencyLog.add(second);
    addGenerator(generator, second.said);
  }
  return {
    store: ledger.store,
    timeline,
    latencyLog,
    errors,
    generator,
    starts: { ...(last?.starts ?? NO_STARTS) },
    startedMs: first?.atMs,
    measuredS: last?.measuredS || (measuringSinceMs === undefined || last === undefined ? 0 : (last.atMs - measuringSinceMs) / 1000),
  };
}

function addGenerator(generator: Map<number, GeneratorSecond[]>, said: readonly SaidSecond[]): void {
  for (const { worker, ...second } of said) {
    const seconds = generator.get(worker);
    if (seconds === undefined) generator.set(worker, [second]);
    else seconds.push(second);
  }
}
