import { plannedTile, type ThresholdTile, tileOf } from '../../core/threshold-tile.ts';
import type { RunView } from '../../views/api.ts';
import { stateOf } from './run-figures.ts';

/** Thresholds of a run that starts, goes on or is over, in the order of the plan. */
export function tilesOf(view: RunView): ThresholdTile[] {
  const thresholds = view.result?.thresholds ?? stateOf(view).thresholds;
  const isOver = view.state === 'ended' || view.state === 'unknown';
  if (thresholds.length > 0) return thresholds.map((threshold) => tileOf(threshold, isOver));
  return (view.plan?.thresholds ?? []).map((planned) => plannedTile(planned, isOver));
}
