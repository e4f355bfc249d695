import { z } from 'zod';
import type { RunSeries } from '../../core/run-series.ts';

/** Figures of a run over time: `series` of run.json has these columns, and those of a page are the same. */

export const column = z.array(z.number());
/** Null: nothing was measured in that point. */
export const openColumn = z.array(z.number().nullable());
const percentiles = z.looseObject({ p50: openColumn, p95: openColumn, p99: openColumn });

export const seriesShape = {
  startMs: z.number(),
  foldedBy: z
    .number()
    .meta({ description: 'Seconds in a point. Counts are then sums, percentiles those of the worst second, states the last.' }),
  endS: column,
  lengthS: column,
  users: column,
  requests: column,
  failures: column,
  responseTimeMs: percentiles,
  durationMs: percentiles,
  bytesReceived: column,
  bytesSent: column,
  checks: column,
  checksFailed: column,
  starts: z.looseObject({ begun: column, late: column, queued: column, dropped: column }),
  generator: z.looseObject({ loopLagMsP99: openColumn, cpu: openColumn }),
  gauges: z.array(z.looseObject({ name: z.string(), unit: z.string(), values: openColumn })),
  events: z.array(
    z.looseObject({
      atS: z.number(),
      kind: z.enum(['stage', 'change', 'note']).exactOptional().meta({ description: 'Absent in files of older versions.' }),
      text: z.string(),
    }),
  ),
};

export const runSeries: z.ZodType<RunSeries> = z.object(seriesShape);
