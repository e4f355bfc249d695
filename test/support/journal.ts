import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeriesDelta, SeriesIdentity } from '../../runtime/core/delta.ts';
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
  const known = new Map<number, SeriesIdentity & { count: number }>();
  for (const delta of journalOf(folder).flatMap((line) => line.deltas as SeriesDelta[])) {
    if (delta.series !== undefined) known.set(delta.id, { ...delta.series, count: 0 });
    const series = known.get(delta.id);
    if (series !== undefined) series.count += delta.count;
  }
  return [...known.values()].filter((series) => series.metric === metric);
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
