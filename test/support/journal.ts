import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeriesDelta, SeriesIdentity } from '../../runtime/core/delta.ts';
import type { NumberedSeries } from '../../runtime/core/samples.ts';
import { decodeDeltas } from '../../runtime/messages/delta-codec.ts';
import type { JournalLine } from '../../runtime/record/journal.ts';

/** The journal's lines, one a second. */
export function journalOf(folder: string): JournalLine[] {
  const lines = readFileSync(join(folder, 'journal.ndjson'), 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as JournalLine);
}

/** What a journal says of one series over the whole run. */
export interface JournalSeries extends SeriesIdentity {
  /** Additions to a counter, samples of any other. */
  readonly count: number;
}

/** All series of a metric. */
export function seriesIn(folder: string, metric: string): JournalSeries[] {
  const known = new Map<string, SeriesIdentity & { count: number }>();
  const keys = new Map<string, string>();
  for (const { worker, delta } of journalOf(folder).flatMap(deltasOf)) {
    const number = `${worker}/${delta.id}`;
    if (delta.series !== undefined) {
      const tags = Object.entries(delta.series.tags).sort(([a], [b]) => (a < b ? -1 : 1));
      keys.set(number, JSON.stringify([delta.series.metric, delta.series.period, tags]));
    }
    const key = keys.get(number) ?? number;
    if (delta.series !== undefined && !known.has(key)) known.set(key, { ...delta.series, count: 0 });
    const series = known.get(key);
    if (series !== undefined) series.count += delta.count;
  }
  return [...known.values()].filter((series) => series.metric === metric);
}

/** What each worker told in a second. */
function deltasOf({ told, numbers }: JournalLine): { worker: number; delta: SeriesDelta }[] {
  return told.flatMap(({ worker, series = [], isLost }, i) => {
    if (isLost === true) return [];
    const coded = { series: series as NumberedSeries[], numbers: Buffer.from(numbers[i] ?? '', 'base64') };
    return decodeDeltas(coded).map((delta) => ({ worker, delta }));
  });
}

/** Samples of a metric by the value of one of its tags (or by period), over the series that the filter keeps. */
export function countBy(folder: string, metric: string, by: (series: SeriesIdentity) => string | undefined): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const series of seriesIn(folder, metric)) {
    const key = by(series);
    if (key !== undefined) counts[key] = (counts[key] ?? 0) + series.count;
  }
  return counts;
}
