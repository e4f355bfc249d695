import type uPlot from 'uplot';
import type { RunSeries } from '../core/run-series.ts';
import { colourOf } from './colours.ts';

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

export function drawMarks({ ctx, bbox, valToPos }: uPlot, marks: readonly Mark[]): void {
  const ratio = devicePixelRatio;
  let freeFrom = Number.NEGATIVE_INFINITY;
  ctx.save();
  ctx.lineWidth = ratio;
  ctx.font = `${10 * ratio}px system-ui, sans-serif`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'alphabetic';
  for (const { atS, text, isStrong } of marks) {
    const x = Math.round(valToPos(atS, 'x', true));
    if (x < bbox.left || x > bbox.left + bbox.width) continue;
    ctx.strokeStyle = ctx.fillStyle = colourOf(isStrong ? '--accent' : '--muted');
    ctx.setLineDash(isStrong ? [4 * ratio, 3 * ratio] : [2 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    const width = ctx.measureText(text).width;
    const left = Math.min(x + 4 * ratio, bbox.left + bbox.width - width);
    if (left < freeFrom) continue; // over another one it says nothing
    ctx.fillText(text, left, bbox.top - 4 * ratio);
    freeFrom = left + width + 8 * ratio;
  }
  ctx.restore();
}
