import { z } from 'zod';
import { count, ENTRIES_MAX, entriesOf, number, text } from './parts.ts';

/** What is sent to the server: nothing but what is named here, and no more than these bounds. */

const PATH_MAX = 1_000;
/** A token may be long. */
const VARIABLE_LENGTH_MAX = 4_000;

/** Everything a run can be started with; what is absent is as config.yaml says. */
export const startForm = z.strictObject({
  script: z.string().max(PATH_MAX).exactOptional(),
  environment: text.exactOptional(),
  profile: text.exactOptional(),
  users: count.exactOptional(),
  /** Starts a second; makes it an open model. */
  rate: number.positive().exactOptional(),
  /** `30s`, `5m`. */
  duration: text.exactOptional(),
  /** `30s:10`, in order: users, linearly, in place of any other load. */
  stages: z.array(text).max(ENTRIES_MAX).exactOptional(),
  /** Scenarios of the script that are run; absent: all of them. */
  scenarios: z.array(text).max(ENTRIES_MAX).exactOptional(),
  /** As `-e KEY=VALUE`, over those of the command line. */
  variables: entriesOf(z.string().max(VARIABLE_LENGTH_MAX)).exactOptional(),
  /** As `--tag k=v`. */
  tags: entriesOf(z.string().max(VARIABLE_LENGTH_MAX)).exactOptional(),
  mix: z.record(text, number.min(0)).exactOptional(),
  thresholds: entriesOf(text).exactOptional(),
  /** The environment's name typed, for production. */
  allowProduction: text.exactOptional(),
});

export const editForm = z.strictObject({
  /** Absent: all scenarios. */
  scenario: text.exactOptional(),
  users: count.exactOptional(),
  rate: number.min(0).exactOptional(),
});

export const stopForm = z.strictObject({ how: z.enum(['graceful', 'now']) });
export const baselineForm = z.strictObject({ name: text });
