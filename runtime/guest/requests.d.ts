/** Requests and answers, for scripts. */
import type { Bytes, ImagePool, Picture } from './pictures.d.ts';

export type Duration = number | string;

/** What has bytes: a typed array is taken as it is now (`bytes(…)` at module level does it once), an answer's are its body, a pool's its next picture. */
export type HasBytes = Picture | Bytes | ImagePool | ArrayBuffer | ArrayBufferView | Response;

/** A part that is a file: its name (default: its own) and content type (default: by its bytes or its name). A text is the file's content. */
export interface FilePart {
  file: string | HasBytes;
  filename?: string;
  type?: string;
}
/** A part that is JSON, of type 'application/json' unless said otherwise; pictures and bytes in it as in `json`. */
export interface JsonPart {
  json: unknown;
  filename?: string;
  type?: string;
}
export type Part = string | number | boolean | HasBytes | FilePart | JsonPart;

export interface RequestOptions {
  /** Sent as JSON. A picture or bytes as a value anywhere in it is base64, its `dataUrl` a data URL, of any size: they are put in outside the script. One of `json`, `form`, `multipart` and `body` at most. */
  json?: unknown;
  /** Sent as application/x-www-form-urlencoded. */
  form?: Record<string, string | number | boolean | null | readonly (string | number | boolean)[]>;
  /** Sent as multipart/form-data, in this order; pictures and bytes go in as files. A list is as many parts of one name. */
  multipart?: Record<string, Part | readonly Part[]>;
  /** Sent as it is; an answer with its content type. */
  body?: string | HasBytes;
  query?: Record<string, string | number | boolean | null | undefined | readonly (string | number | boolean)[]>;
  headers?: Record<string, string | number | boolean>;
  /** Sent with this request besides those of the VU's jar. */
  cookies?: Record<string, string>;
  /** Overrides the environment's; `false` sends none. */
  auth?: { user: string; password: string } | { token: string } | false;
  /** Seconds, or a text such as '500ms'. Default: the environment's, else 60 s. */
  timeout?: Duration;
  /** Most redirects to follow; 0 returns the first answer. Default 10. */
  redirects?: number;
  /**
   * true: the body of the answer is counted and not kept, however large it is (others may have 64 MiB, or `max_body_bytes` of the environment): `bodyLength` is what came over the wire, and
   * `text()`, `json()` and `image.inspect()` throw. Default: `discard` of the environment.
   */
  discard?: boolean;
  /**
   * The body goes out compressed, with `content-encoding`; `zstd` needs Node 22.15. One that comes again is compressed once. The time that it takes is the
   * generator's, not the target's. Default: `compression` of the environment, which leaves bodies alone whose `content-encoding` the script gives.
   */
  compression?: 'gzip' | 'deflate' | 'br' | 'zstd' | 'none';
  /**
   * The body waits until the server says 100 (`Expect: 100-continue`), or for so long (true: one second), and is then sent all the same. A refusal that comes
   * first (417, 413, 401) is the answer: nothing of the body is sent. The wait is part of `sending`. Default: `expect_continue` of the environment.
   */
  expectContinue?: boolean | Duration;
  /**
   * What counts as success. Statuses: numbers or ranges such as '200-299'; default '200-399'. Or a function of the answer, which may be async: when it
   * gives false, throws, or calls `r.fail(reason)`, the request has failed, with that reason, in every number. It decides over the status too.
   */
  expect?: number | string | readonly (number | string)[] | ((response: Response) => unknown);
  /** Tags of this request's samples. */
  tags?: Record<string, string>;
  /** Row name in the report. Default: the path without its query. */
  name?: string;
}

/** A path that names itself by its pattern: http.url`/items/${id}` is called `/items/${}` in the report. */
export interface NamedUrl {
  readonly url: string;
  readonly name: string;
}

export interface Timings {
  /** Milliseconds, all of them. */
  blocked: number;
  connecting: number;
  tls: number;
  /** Until the operating system has taken the last byte. What fits into its buffers is sent at once though the server reads slowly: that time is in `waiting`. */
  sending: number;
  waiting: number;
  receiving: number;
  /** sending + waiting + receiving */
  duration: number;
}

export interface Response {
  /** 0 when no response came; then `error` says why. */
  readonly status: number;
  /** Whether the status is one that the request expects, and nothing said that the answer is wrong. */
  readonly ok: boolean;
  /** Lower-case names; several values are joined by ", ": of those that have commas of their own, such as `set-cookie`, see `headerValues()`. */
  readonly headers: Readonly<Record<string, string>>;
  /** All values of a header as they came, one for each line. */
  headerValues(name: string): string[];
  /** Cookies that this answer sets, by name; those of all answers of the user go back by themselves. */
  readonly cookies: Readonly<Record<string, string>>;
  /** Final URL, after redirects. */
  readonly url: string;
  readonly protocol: string;
  readonly error: string;
  /** k6's numbers: 1050 timeout, 1212 refused, 1000 + status for 4xx and 5xx; 0 for none. */
  readonly errorCode: number;
  readonly timings: Timings;
  /** From the `Server-Timing` header and the headers that the environment names, milliseconds. */
  readonly serverTimings: Readonly<Record<string, number>>;
  /** Bytes of the decoded body; of one that was discarded as they came, maybe compressed. */
  readonly bodyLength: number;
  /**
   * The answer is wrong: counts the request as failed, with this reason in the errors and failures.csv. Throws when it comes too late, after the user's
   * next request or sleep.
   */
  fail(reason?: string): void;
  /** The body as text: in UTF-8, or the charset that `content-type` or a byte order mark names. The mark is left out, here and in `json()`. */
  text(): string;
  /** The body as bytes, decoded but unread: to be looked at, or sent on as the body or a part of another request. It lasts until the iteration ends. */
  bytes(): Bytes;
  /**
   * The body, or the part of it at `path` ('predictions', 'predictions.0.class'), from JSON; undefined for an empty body or where nothing is.
   * With a path only that part enters the sandbox. Throws a SyntaxError when the body is not JSON.
   */
  // biome-ignore lint/suspicious/noExplicitAny: an answer's shape is the script's knowledge, as in fetch
  json<T = any>(path?: string): T;
}

export interface CookieOptions {
  /** Default: the URL's host alone. */
  domain?: string;
  /** Default '/' and what is below. */
  path?: string;
  secure?: boolean;
  httpOnly?: boolean;
  /** Default: as long as the user. */
  maxAge?: Duration;
}

/** The cookies of this user: those that answers set, and its own. A `url` is a path of the environment or absolute. */
export interface CookieJar {
  /** Values by name of what goes to this URL; one name may have several, of different paths. */
  cookiesForURL(url: string): Record<string, string[]>;
  /** Sent from the next request on. Throws a TypeError for what cannot be: a foreign domain, a name or value that no header may hold. */
  set(url: string, name: string, value: string, options?: CookieOptions): void;
  /** Forgets one that goes to this URL. */
  delete(url: string, name: string): void;
  /** Forgets all that go to this URL. */
  clear(url: string): void;
}

export type Url = string | NamedUrl;
export type BatchItem =
  | Url
  | { method?: string; url: Url; options?: RequestOptions }
  | readonly [method: string, url: Url, options?: RequestOptions];

export interface RetryOptions {
  /** Requests in all, the first included; 1 to 100, default 3. */
  attempts?: number;
  /** Instead of 429, 502, 503, 504 and no answer: statuses (0: no answer), or what says whether to ask again. */
  on?: readonly number[] | ((response: Response) => unknown);
  /** Before the second attempt where the answer has no `Retry-After`; default 1 s. */
  wait?: Duration;
  /** Longest wait, `Retry-After` included; default 60 s. */
  max?: Duration;
}

export interface UntilOptions {
  /** From an answer to the next question; default 1 s. */
  every?: Duration;
  /** Default 60 s. */
  timeout?: Duration;
}
