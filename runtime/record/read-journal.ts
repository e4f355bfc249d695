import type { SeriesDelta } from '../core/delta.ts';
import { ErrorBook } from '../core/error-book.ts';
import { ConfigError } from '../core/errors.ts';
import { issueText } from '../core/issue-text.ts';
import { type GeneratorSecond, NO_STARTS, type StartCounts } from '../core/records.ts';
import { seriesDeltaSchema } from './delta-schema.ts';
import { type JournalLine, readJournal } from './journal.ts';
import { LatencyLog } from './latency-log.ts';
import { RunTimeline } from './run-timeline.ts';
import { MetricStore } from './store.ts';

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
  /** Length of the measured window; to the last line when the run was killed in it. */
  readonly measuredS: number;
}

/** @throws {ConfigError} when the journal cannot be read, or is damaged before its last line */
export async function readWholeJournal(
  path: string,
  onRemark: (remark: string) => void,
  options: { isFullHistory?: boolean } = {},
): Promise<JournalContent> {
  const [store, timeline, latencyLog, errors] = [new MetricStore(), new RunTimeline(options), new LatencyLog(), new ErrorBook()];
  const generator = new Map<number, GeneratorSecond[]>();
  let first: JournalLine | undefined;
  let last: JournalLine | undefined;
  let measuringSinceMs: number | undefined;
  for await (const line of readJournal(path, onRemark)) {
    first ??= line;
    last = line;
    if (line.events?.some(({ kind, text }) => kind === 'stage' && text === 'measuring')) measuringSinceMs = line.atMs;
    const valid = { ...line, deltas: deltasOf(line, path) };
    store.merge(0, valid.deltas);
    errors.merge(line.errors ?? []);
    timeline.add(valid);
    latencyLog.add(valid);
    addGenerator(generator, line);
  }
  return {
    store,
    timeline,
    latencyLog,
    errors,
    generator,
    starts: { ...NO_STARTS, ...(last?.starts as Partial<StartCounts> | undefined) },
    startedMs: first?.atMs,
    measuredS: measuringSinceMs === undefined || last === undefined ? 0 : (last.atMs - measuringSinceMs) / 1000,
  };
}

function deltasOf(line: JournalLine, path: string): SeriesDelta[] {
  return line.deltas.map((delta) => {
    const parsed = seriesDeltaSchema.safeParse(delta);
    if (parsed.success) return parsed.data;
    throw new ConfigError(path, `second ${line.second}: expected the numbers of a series; ${issueText(parsed.error, 'the series')}`);
  });
}

function addGenerator(generator: Map<number, GeneratorSecond[]>, line: JournalLine): void {
  const workers = line.generator?.['workers'];
  if (!Array.isArray(workers)) return;
  workers.forEach((sample: GeneratorSecond, worker) => {
    const seconds = generator.get(worker) ?? [];
    if (seconds.at(-1)?.second !== sample.second) seconds.push(sample);
    generator.set(worker, seconds);
  });
}
