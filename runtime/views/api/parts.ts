import { z } from 'zod';
import { RUN_STATES } from '../../core/stage.ts';

/** What several parts of the API are made of. Latencies are ms. */

const TEXT_MAX = 200;
export const ENTRIES_MAX = 200;

/** A text that somebody may send. */
export const text = z.string().max(TEXT_MAX);
export const number = z.number();
export const count = z.number().int().min(0);

/** A map that somebody may send. */
export const entriesOf = (value: z.ZodString) =>
  z.record(text, value).refine((map) => Object.keys(map).length <= ENTRIES_MAX, { error: `at most ${ENTRIES_MAX} entries` });

/** Null: there was no answer. */
export const latency = number.nullable();

/** `unknown`: a run folder whose run was killed and not reported. */
export const runState = z.enum([...RUN_STATES, 'unknown']);

export const outcome = z.enum(['passed', 'failed', 'inconclusive', 'interrupted', 'aborted', 'degraded', 'error', 'not-judged']);

export const apiError = z.object({
  error: z.object({
    message: z.string(),
    hint: z.string().exactOptional(),
    /** The field, key or flag that is not as it should be, such as `users`, `--tag` or `thresholds.max_p95`. */
    where: z.string().exactOptional(),
  }),
});
