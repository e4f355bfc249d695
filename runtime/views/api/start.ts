import { z } from 'zod';
import { startForm } from './forms.ts';
import { number, runState } from './parts.ts';

/** What a page needs before there is a run. */

/** `id` is null before the first run; afterwards the live run, or the last one. */
export const status = z.object({
  id: z.string().nullable(),
  state: runState.nullable(),
  /** A run was started and has no id yet: what `id` names is the one before it. */
  isPlanning: z.boolean(),
});

export const options = z.object({
  version: z.string(),
  /** `tasks` and `scenarios` (of its options) as far as they are known: a script has to be planned once. */
  scripts: z.array(z.object({ path: z.string(), hasDefault: z.boolean(), tasks: z.array(z.string()), scenarios: z.array(z.string()) })),
  environments: z.array(
    z.object({
      name: z.string(),
      baseUrl: z.string(),
      isProduction: z.boolean(),
      usersMax: number.exactOptional(),
      rpsMax: number.exactOptional(),
      isDefault: z.boolean(),
    }),
  ),
  profiles: z.array(
    z.object({
      name: z.string(),
      description: z.string(),
      /** Such as `20 users for 5m`. */
      summary: z.string(),
      users: number.nullable(),
      ratePerSecond: number.nullable(),
      durationS: number.nullable(),
      /** Its own short thresholds, which win over those of config.yaml. */
      thresholds: z.record(z.string(), z.string()),
    }),
  ),
  /** `test_mix` of config.yaml. */
  mix: z.record(z.string(), number),
  /** Short thresholds of config.yaml, as written. */
  thresholds: z.record(z.string(), z.string()),
  /** What the form begins with (flags of `stressrun ui`). */
  defaults: startForm,
  /** Names of the variables that `-e` of `stressrun ui` gave; every run has them. Their values may be secrets. */
  variables: z.array(z.string()),
  /** Workers of this machine by default. */
  workers: number,
});

/** What a scenario will do: points of users (closed) or starts a second (open) over seconds since the run begins. */
export const planScenario = z.object({
  name: z.string(),
  executor: z.string(),
  model: z.enum(['closed', 'open']),
  users: number,
  curve: z.array(z.object({ atS: number, value: number })),
  phases: z.array(z.object({ name: z.string(), fromS: number, toS: number })),
  /** Null: it ends with its iterations. */
  durationS: number.nullable(),
});

export const planView = z.object({
  scenarios: z.array(planScenario),
  thresholds: z.array(z.object({ source: z.string(), expression: z.string(), subject: z.string(), condition: z.string() })),
  /** Tasks of the mix and what share of the iterations each is to have, 0 to 1; empty without one. */
  tasks: z.array(z.object({ task: z.string(), askedRatio: number })),
  environment: z.string(),
  baseUrl: z.string(),
  notes: z.array(z.string()),
});
