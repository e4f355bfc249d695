import type { RunJson } from '../core/run-json.ts';
import type { TimelineData, TimelineRow } from '../core/timeline-data.ts';

/** What stands in the page as JSON for its script. */
export interface PageData {
  run: Omit<RunJson, 'series'>;
  /** Absent when nothing was recorded. Its rows are in `rows`. */
  series?: Omit<TimelineData, 'rows'>;
  rows?: RowSeries;
  curves: DistributionCurve[];
}

/** The rows of requests over time, coarser than the rest. */
export interface RowSeries {
  endS: number[];
  lengthS: number[];
  rows: TimelineRow[];
}

export interface DistributionCurve {
  label: string;
  count: number;
  responseTime: [ratio: number, ms: number][];
  duration: [ratio: number, ms: number][];
}
