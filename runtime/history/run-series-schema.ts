import { z } from 'zod';
import { column, openColumn, seriesShape } from '../views/api/series.ts';

const row = { task: z.string(), method: z.string(), name: z.string() };

const history = z.looseObject({
  requestsPerSecond: column,
  failuresPerSecond: column,
  windowMs: z.array(openColumn),
  totalRequests: column,
  totalFailures: column,
  totalMs: z.array(openColumn),
  totalMsAvg: openColumn,
  totalMsMin: openColumn,
  totalBytes: column,
});

/** The run second by second, as `run.json` has it. */
export const series = z.looseObject({
  version: z.literal(1),
  ...seriesShape,
  history,
  rows: z.array(
    z.looseObject({
      ...row,
      requests: column,
      failures: column,
      responseTimeMsP95: openColumn,
      bytesReceived: column,
      history: history.exactOptional().meta({ description: 'As for all requests; with --csv-full-history alone.' }),
    }),
  ),
  errors: z.array(z.looseObject({ name: z.string(), kind: z.string(), code: z.number(), seen: column })),
  heatMap: z.looseObject({ secondsPerColumn: z.number(), fromMs: z.number(), ratio: z.number(), counts: z.array(column) }),
});
