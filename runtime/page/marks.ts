import type { RunSeries } from '../core/run-series.ts';
import type { Stage } from '../core/stage.ts';

/** A moment of the run that every chart marks: as a strong line where the load was changed. */
export interface Mark {
  readonly atS: number;
  readonly text: string;
  readonly isStrong: boolean;
}

/** Before the load and behind it; a chart need not mark them. */
const UNMARKED: ReadonlySet<string> = new Set<Stage>(['preparing users', 'setup', 'ended']);

export function marksOf({ events }: Pick<RunSeries, 'events'>): Mark[] {
  return events.filter(({ text }) => !UNMARKED.has(text)).map(({ atS, kind, text }) => ({ atS, text, isStrong: kind === 'change' }));
}
