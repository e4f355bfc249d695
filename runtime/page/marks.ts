import type { RunSeries } from '../core/run-series.ts';

/** A moment of the run that every chart marks: as a strong line where the load was changed. */
export interface Mark {
  readonly atS: number;
  readonly text: string;
  readonly isStrong: boolean;
}

/** What a run goes through before the load and behind it; a chart need not mark it. */
const QUIET_EVENTS: ReadonlySet<string> = new Set(['preparing users', 'setup', 'ended']);

export function marksOf({ events }: Pick<RunSeries, 'events'>): Mark[] {
  return events.filter(({ text }) => !QUIET_EVENTS.has(text)).map(({ atS, kind, text }) => ({ atS, text, isStrong: kind === 'change' }));
}
