import { z } from 'zod';
import type { Asked } from './threshold-asked.ts';

/** What a threshold asks, in run.json and in the events of a run. */
export const asked: z.ZodType<Asked> = z.object({
  subject: z.string().meta({ description: 'Metric and tags as they were written, or what a short form is about: failed checks.' }),
  condition: z.string().meta({ description: 'As it was written: p(95)<2s for 10s.' }),
  metric: z.string(),
  tags: z.record(z.string(), z.string()),
  statistic: z.string().meta({ description: 'p(95), avg, min, max, count, rate, value, passes or fails.' }),
  comparison: z.enum(['<', '<=', '>', '>=', '==', '!=']),
  limit: z.number().exactOptional().meta({ description: 'What the statistic is compared with, in secondUnit or else in unit.' }),
  window: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('for'), durationUs: z.number() }),
      z.object({ kind: z.literal('share'), ratio: z.number() }),
    ])
    .exactOptional()
    .meta({ description: 'Over every stretch of this length, or in this share of the seconds. Absent: over the whole of the run.' }),
  form: z
    .enum(['latency', 'failure-rate', 'rps', 'failed-checks', 'iteration-errors'])
    .exactOptional()
    .meta({ description: 'The short form that it is, which means more than its metric: failed-checks is the share that failed.' }),
});
