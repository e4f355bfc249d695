import { NO_MOMENT_US } from '../core/clock.ts';
import type { HttpOutcome, IterationEnd, Tags } from '../core/records.ts';
import type { StallPhase } from '../core/stall-cell.ts';
import type { EndedRequest } from '../measure/kept-request.ts';
import type { MeasuredVu } from '../measure/measured-vu.ts';
import type { BackOff } from '../net/back-off.ts';
import type { RequestHandle } from '../net/http-request.ts';
import type { VuHttp } from '../net/vu-http.ts';
import type { JsonBody } from './json-body.ts';
import type { BuiltRequest } from './request-builder.ts';

/** An answer that the script may still read, until its iteration ends. */
export interface KeptAnswer {
  outcome: HttpOutcome;
  json: JsonBody | undefined;
  /** Its body was given to somebody who may look at it later. */
  isLent: boolean;
}

/** A request of its user that has ended. */
export type DeskRequest = EndedRequest & { readonly built: BuiltRequest };

/** One that is not in the numbers yet. */
export interface HeldRequest {
  /** Of its answer. */
  readonly handle: number;
  readonly ended: DeskRequest;
}

/** What the host knows of one virtual user. */
export interface HostVu extends MeasuredVu {
  readonly http: VuHttp;
  readonly backOff: BackOff;
  /** What its code is doing, for the stall cell and the periods of its samples. */
  phase: StallPhase;
  iteration: number;
  /** Of the iteration that runs. */
  token: number;
  /** Of the last iteration that counts as one with an error, and of the last that was cut short; −1: none. */
  erredToken: number;
  stoppedToken: number;
  /** The last iteration that is over. */
  readonly ended: { token: number; task: string; shapePhase: string };
  /** Name of the task and of the shape's part that samples are tagged with. */
  task: string;
  shapePhase: string;
  /** What the script gave itself by `vu.tags`, for samples of its iterations. */
  tags: Tags | undefined;
  /** The moment, monotonic µs, at which what it asks for now is due. */
  dueAtUs: number;
  /** Of the iteration that runs, monotonic µs. */
  begunAtUs: number;
  iterationDueAtUs: number;
  /** When it, or in an open model any user, had last begun in time; monotonic µs. */
  inTimeAtUs: number;
  /** Of a start that came from another worker: what of its wait there was for the users' sake, µs. */
  busyUs: number | undefined;
  onEnd: ((end: IterationEnd) => void) | undefined;
  /** Answers that the script may still read, and the number of the first. */
  readonly answers: KeptAnswer[];
  answersFrom: number;
  /** Ended, and not counted before the script has said what it thinks of them; mostly none. */
  held: HeldRequest[];
  /** Under way; few. */
  readonly requests: { operation: number; handle: RequestHandle }[];
  readonly timers: Map<number, NodeJS.Timeout>;
  /** Operations that wait for what is no request: sleeps, back-offs and turns with their timers, pictures to be drawn without. One taken out is over. */
  readonly waits: Map<number, NodeJS.Timeout | undefined>;
}

interface FixedOfVu {
  readonly index: number;
  readonly scenario: number;
  readonly http: VuHttp;
  readonly backOff: BackOff;
}

/** One shape for all, from the first iteration on. */
class NewHostVu implements HostVu {
  readonly index: number;
  readonly scenario: number;
  readonly http: VuHttp;
  readonly backOff: BackOff;
  phase: StallPhase = 'init';
  iteration = 0;
  token = -1;
  erredToken = -1;
  stoppedToken = -1;
  readonly ended = { token: -1, task: '', shapePhase: '' };
  task = '';
  shapePhase = '';
  tags: Tags | undefined = undefined;
  dueAtUs = NO_MOMENT_US;
  begunAtUs = NO_MOMENT_US;
  iterationDueAtUs = NO_MOMENT_US;
  inTimeAtUs = NO_MOMENT_US;
  busyUs: number | undefined = undefined;
  onEnd: ((end: IterationEnd) => void) | undefined = undefined;
  readonly answers: KeptAnswer[] = [];
  answersFrom = 0;
  held: HeldRequest[] = [];
  readonly requests: { operation: number; handle: RequestHandle }[] = [];
  readonly timers = new Map<number, NodeJS.Timeout>();
  readonly waits = new Map<number, NodeJS.Timeout | undefined>();

  constructor({ index, scenario, http, backOff }: FixedOfVu) {
    this.index = index;
    this.scenario = scenario;
    this.http = http;
    this.backOff = backOff;
  }
}

export function newHostVu(fixed: FixedOfVu): HostVu {
  return new NewHostVu(fixed);
}
