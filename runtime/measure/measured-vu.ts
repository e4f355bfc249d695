import type { Tags } from '../core/records.ts';
import type { StallPhase } from '../core/stall-cell.ts';

/** What a sample has to know of the virtual user that it is of. Times are monotonic µs. */
export interface MeasuredVu {
  readonly index: number;
  readonly scenario: number;
  /** What its code is doing. */
  readonly phase: StallPhase;
  readonly iteration: number;
  /** Of the iteration that runs. */
  readonly token: number;
  /** Of the last iteration that counts as one with an error; −1: none. */
  erredToken: number;
  /** The last iteration that is over. */
  readonly ended: { readonly token: number; readonly task: string; readonly shapePhase: string };
  /** Name of the task and of the shape's part that samples are tagged with. */
  readonly task: string;
  readonly shapePhase: string;
  /** What the script gave itself by `vu.tags`, for samples of its iterations. */
  readonly tags: Tags | undefined;
  /** The moment at which what it asks for now is due. */
  readonly dueAtUs: number;
  /** Of the iteration that runs. */
  readonly begunAtUs: number;
  readonly iterationDueAtUs: number;
  /** When it, or in an open model any user, had last begun in time. */
  readonly inTimeAtUs: number;
  /** Of a start that came from another worker: what of its wait there was for the users' sake, µs. */
  readonly busyUs: number | undefined;
}

/** What a sample has to know of the request that was sent. */
export interface SentRequest {
  /** Names and values in turn. */
  readonly request: { readonly url: string; readonly headers: readonly string[] };
  /** Row name in the report. */
  readonly name: string;
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** Reference of the first picture in it, `pool/index`; empty: none. */
  readonly picture: string;
}
