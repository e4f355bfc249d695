/// <reference path="./globals.d.ts" />
/** The script API of stressrun: what `import … from 'stressrun'` gives a scenario script. The globals of the sandbox are in globals.d.ts. */
import type { Config } from './config.d.ts';
import type { Bytes, FileOptions, FolderOptions, ImagePool, ImageSpec, Inspection, Picture } from './pictures.d.ts';
import type { BatchItem, CookieJar, Duration, NamedUrl, RequestOptions, Response, RetryOptions, UntilOptions, Url } from './requests.d.ts';
import type { EventStream, StreamOptions } from './streams.d.ts';
import type { SummaryData } from './summary.d.ts';

// ── http ────────────────────────────────────────────────────────────────────────────────────────────────────────────

export const http: {
  get(url: Url, options?: RequestOptions): Promise<Response>;
  head(url: Url, options?: RequestOptions): Promise<Response>;
  post(url: Url, options?: RequestOptions): Promise<Response>;
  put(url: Url, options?: RequestOptions): Promise<Response>;
  patch(url: Url, options?: RequestOptions): Promise<Response>;
  delete(url: Url, options?: RequestOptions): Promise<Response>;
  options(url: Url, options?: RequestOptions): Promise<Response>;
  request(method: string, url: Url, options?: RequestOptions): Promise<Response>;
  /**
   * An answer read as a stream of events: SSE, JSON lines, chunks, multipart (MJPEG), OpenAI-style chat and responses. Resolves when the answer begins, or when
   * there is none. Every event has its moment at the socket, however slowly the script reads. Measured as `stream_…`.
   */
  stream(url: Url, options?: StreamOptions): Promise<EventStream>;
  /**
   * Asks again while the answer says to: 429, 502, 503, 504 or none. Waits what its `Retry-After` says (seconds or a date), else 1 s, doubled each time and
   * jittered; at most `max`. Every attempt is a request of its own in every number: one that is to be no failure says so, `expect: [200, 429]`.
   * @returns the last answer, whatever it is
   */
  retry(ask: (attempt: number) => Promise<Response>, options?: RetryOptions): Promise<Response>;
  /** All at once, at most six connections a host; the answers in the order asked. */
  batch(items: readonly BatchItem[]): Promise<Response[]>;
  /** The cookies of this user. */
  cookieJar(): CookieJar;
  url(parts: TemplateStringsArray, ...values: readonly (string | number)[]): NamedUrl;
};

// ── image ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export const image: {
  /** Pictures rendered once per run. For module level. */
  pool(spec: ImageSpec): ImagePool;
  /** A picture from a file beside the script, sent as it is. One that cannot be decoded (HEIC, cut off, no picture at all) has no size, and a note says so. For module level. */
  file(path: string, options?: FileOptions): Picture;
  /** All files that match, such as 'photos/*.jpg', as `file` takes them. For module level. */
  folder(glob: string, options?: FolderOptions): ImagePool;
  /** Decodes a picture in an answer: the body, or base64 at a path in its JSON. */
  inspect(response: Response, path?: string): Promise<Inspection>;
};

/**
 * Bytes of a script: a text (as UTF-8), or what an array holds now; later changes are not seen.
 * @throws RangeError when the users of a worker hold over 256 MB
 */
export function bytes(data: string | ArrayBuffer | ArrayBufferView | Bytes): Bytes;

// ── flow ────────────────────────────────────────────────────────────────────────────────────────────────────────────

type Predicates<T> = Readonly<Record<string, (value: T) => unknown>>;
/** A type that may be a promise: `never`, which a predicate that only throws returns, and `any` are none. */
type IsAsync<Result> = 0 extends 1 & Result ? false : [Extract<Result, PromiseLike<unknown>>] extends [never] ? false : true;
type CheckResult<Checks extends Predicates<never>> = true extends {
  [Name in keyof Checks]: IsAsync<ReturnType<Checks[Name]>>;
}[keyof Checks]
  ? Promise<boolean>
  : boolean;

/** Counts each predicate under its name; one that throws is a failed check with its reason. @returns whether all held; a promise of it when a predicate is async */
export function check<T, Checks extends Predicates<T> = Predicates<T>>(value: T, predicates: Checks): CheckResult<Checks>;

/** Runs `fn` with its requests and checks tagged by the group's name, across awaits. */
export function group<T>(name: string, fn: () => T): T;
/** Seconds, or a text such as '500ms'. */
export function sleep(duration: Duration): Promise<void>;
/** As `sleep`, for a time drawn evenly between the two, by the run's seed. */
export function wait(min: Duration, max?: Duration): Promise<void>;
/**
 * Asks again and again until `done` holds of what comes: a job that is to finish. Heeds `Retry-After` of an answer that says later.
 * @returns what `done` held of. Throws when the time is over, with how often it asked and what came last; the iteration then ends as failed
 */
export function until<T>(ask: (attempt: number) => T | Promise<T>, done: (value: T) => unknown, options?: UntilOptions): Promise<T>;
/** Makes iterations of this VU due this far apart. */
export function pace(interval: Duration): void;
/** Ends this iteration as failed. */
export function fail(message?: string): never;

// biome-ignore lint/suspicious/noExplicitAny: setup's data has the type that the script gives it
type Task = (data?: any) => unknown;
/** Draws one of the tasks per iteration from a seeded, shuffled deck with the exact proportions of the weights. */
export function mix<Name extends string>(
  tasks: Record<Name, Task>,
  weights: Readonly<Record<string, number>>,
  /** `tags` of tasks, by which `--tags` and `--exclude-tags` choose. */
  options?: { tags?: Readonly<Partial<Record<Name, string | readonly string[]>>> },
): (data?: unknown) => Promise<void>;

// ── data and metrics ────────────────────────────────────────────────────────────────────────────────────────────────

export interface MetricOptions {
  /** 'time' (milliseconds), 'data' (bytes) or anything else for display. */
  unit?: string;
}
export const metrics: {
  counter(name: string, options?: MetricOptions): { add(value?: number, tags?: Record<string, string>): boolean };
  gauge(name: string, options?: MetricOptions): { add(value: number, tags?: Record<string, string>): boolean };
  rate(name: string, options?: MetricOptions): { add(value: boolean | number, tags?: Record<string, string>): boolean };
  trend(name: string, options?: MetricOptions): { add(value: number, tags?: Record<string, string>): boolean };
};

export interface DataSet<Row> {
  readonly length: number;
  /**
   * A row that no other VU and no other call of this run gets, until all have been given once. In an open model row i is start i's, whichever VU
   * takes it; what an iteration takes besides is from further on, and may come twice.
   */
  next(): Row;
  /** A seeded random row. */
  random(): Row;
  at(index: number): Row;
}
export interface CsvOptions {
  /** One character. Default: what a first line `sep=;` says, else the comma, semicolon, tab or bar that parts the lines into columns. */
  separator?: string;
  /** Such as 'windows-1252', which Excel writes as plain CSV. Default: UTF-8, or UTF-16 with a byte order mark. */
  encoding?: string;
}
export const data: {
  /** Any file as it is, at most 256 MB: its bytes stay outside the script. For module level. */
  file(path: string): Bytes;
  /** Rows by the names in the first line. For module level. */
  csv<Row = Record<string, string>>(path: string, options?: CsvOptions): DataSet<Row>;
  /** The items of a JSON array, or the lines of JSON lines (.jsonl, .ndjson). For module level. */
  json<Row = unknown>(path: string): DataSet<Row>;
};

/** Random values that repeat with the run's seed. */
export const random: {
  /** 0 to 1, without 1. */
  number(): number;
  /** A whole number from `min` to `max`, both included. */
  integer(min: number, max: number): number;
  item<T>(items: readonly T[]): T;
  boolean(probability?: number): boolean;
  shuffle<T>(items: readonly T[]): T[];
};

// ── where am I ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const vu: {
  /** 1-based, unique in the test; 0 at module level of the init pass, in setup and teardown. */
  readonly id: number;
  /** 0-based iteration of this VU. */
  readonly iteration: number;
  /** Tags of all samples of this VU from here on, over its iterations: `vu.tags['flow'] = 'checkout'`, `delete vu.tags['flow']`. Those of a request go before them. */
  readonly tags: Record<string, string | number | boolean>;
};
export const scenario: {
  readonly name: string;
  /** k6's name of what decides its starts, such as 'constant-arrival-rate'. */
  readonly executor: string;
  /** Part of the shape; empty when it has none. */
  readonly phase: string;
  /**
   * 0-based number of this iteration in its scenario, over all VUs and workers: of a start of an open model its place in the plan. Where each VU
   * goes on by itself numbers are unique but have gaps; −1 for users that were added while the test ran.
   */
  readonly iterationInTest: number;
  /** 0 to 1: of its time, or of its iterations. */
  readonly progress: number;
};
/** Variables given by `-e KEY=VALUE`, and those of the scenario. */
export const env: Readonly<Record<string, string>>;

/** config.yaml as resolved, without its environments. */
export const config: Config;
export const environment: {
  readonly name: string;
  readonly base_url: string;
  /** 'shapes': answers can be checked against `Picture.objects`. Empty when nothing is known. */
  readonly truth: string;
  readonly production: boolean;
};

export const log: {
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
};
export const test: {
  /** Ends the test now; exit code 108. */
  abort(reason?: string): never;
  /** Lets it run on and fail at the end; exit code 110. */
  fail(reason?: string): void;
};

export type { Config, ImageSize, Profile, ProfileStage } from './config.d.ts';
export type {
  LongThreshold,
  Options,
  ScenarioOptions,
  ShapeFunction,
  ShortThresholds,
  Stage,
  ThresholdExpression,
  Thresholds,
} from './options.d.ts';
// ── hooks ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a script may export besides its default function and `options`. All are optional, may be async, and their requests are in no verdict. */
export interface Hooks<Data = unknown> {
  /** Once, before the first user. What it returns is given to the default function and the other hooks, each user its own copy through JSON. */
  setup?: () => Data | Promise<Data>;
  /** Once per user, before its first iteration: a login. One that throws ends the run (107). */
  vuSetup?: (data: Data) => unknown;
  /** Once per user, after its last iteration. One that throws makes the run an error (107), after the others' had their turn. */
  vuTeardown?: (data: Data) => unknown;
  /** Once, after the last user; not when `setup` threw. */
  teardown?: (data: Data) => unknown;
  /** Once, at the end: texts by file name, `stdout` and `stderr` among them, instead of the usual result. */
  handleSummary?: (data: SummaryData) => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>;
}

export type {
  Bytes,
  Embedded,
  FileOptions,
  FolderOptions,
  ImagePool,
  ImageSpec,
  Inspection,
  Picture,
  SceneObject,
} from './pictures.d.ts';
export type {
  BatchItem,
  CookieJar,
  CookieOptions,
  Duration,
  FilePart,
  HasBytes,
  JsonPart,
  NamedUrl,
  Part,
  RequestOptions,
  Response,
  RetryOptions,
  Timings,
  UntilOptions,
} from './requests.d.ts';
export type { EventStream, StreamEvent, StreamOptions, StreamSummary } from './streams.d.ts';
export type {
  SummaryCheck,
  SummaryData,
  SummaryGroup,
  SummaryLatency,
  SummaryMetric,
  SummaryRun,
} from './summary.d.ts';
