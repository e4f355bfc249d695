import { z } from 'zod';
import { latency, number, outcome, runState } from './parts.ts';

/** Runs in lists, side by side and over time. */

export const runEntry = z.object({
  id: z.string(),
  state: runState,
  script: z.string(),
  environment: z.string(),
  profile: z.string().nullable(),
  /** `default 20 users, 5m`; empty where its plan is not known. */
  load: z.string(),
  startedMs: number,
  durationS: number,
  outcome: outcome.nullable(),
  requests: number,
  /** 0 to 1. */
  failedRatio: number,
  perSecond: number,
  /** From the due time, expected answers. */
  p95Ms: latency,
  isExploratory: z.boolean(),
  /** Of the run, `--tag`. */
  tags: z.record(z.string(), z.string()).exactOptional(),
  /** Of the script's repository; absent: outside of one, or not known. */
  commit: z.string().exactOptional(),
  /** Names of baselines that this run is. */
  baselines: z.array(z.string()),
});

const range = z.tuple([number, number]).nullable();

export const comparison = z.object({
  runs: z.array(
    z.object({
      id: z.string(),
      entry: runEntry,
      /** `default 20 users, 5m`; empty where it is not known. */
      load: z.string(),
      /** `the built-in server` where it went to that: its port is another one each time. */
      baseUrl: z.string(),
      notes: z.array(z.string()),
      /** Names and values, such as `git` and `1f2e3d`; what is not known is left out. */
      setting: z.record(z.string(), z.string()),
    }),
  ),
  rows: z.array(
    z.object({
      task: z.string(),
      method: z.string(),
      name: z.string(),
      /** One per run, in the order of `runs`; null where the run has no such request. */
      values: z.array(
        z
          .object({
            count: number,
            failedRatio: number,
            perSecond: number,
            p50Ms: latency,
            p95Ms: latency,
            p99Ms: latency,
            /** Where they may lie by chance alone, 95 % of the time, were the requests independent; null: too few to say. */
            ranges: z.object({ p50Ms: range, p95Ms: range, p99Ms: range, failedRatio: range, perSecond: range }),
          })
          .nullable(),
      ),
    }),
  ),
  /** What differs between the runs' plans, in words: then the numbers may not be comparable. */
  differences: z.array(z.string()),
});

export const trendPoint = z.object({
  id: z.string(),
  profile: z.string().nullable(),
  load: z.string(),
  startedMs: number,
  outcome: outcome.nullable(),
  p95Ms: latency,
  perSecond: number,
  failedRatio: number,
});
