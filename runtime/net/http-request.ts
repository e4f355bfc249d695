import type { AuthPlan } from '../core/plan.ts';
import type { BodyReader } from './body-reader.ts';
import type { Failure } from './error-codes.ts';

/** What a request carries: nothing, a text, one buffer, or parts that are sent one after the other. */
export type RequestBody = Buffer | string | readonly Buffer[] | undefined;

/** A logical request as a VU asks for it: the first hop and all that follow from redirects. */
export interface HttpRequest {
  /** Upper case, such as `GET`. */
  readonly method: string;
  /** Absolute http or https URL; userinfo in it becomes Basic authorization. */
  readonly url: string;
  /** Name, value, name, value …; they replace the defaults of the same name. */
  readonly headers: readonly string[];
  readonly body: RequestBody;
  /** For the whole logical request, redirects and queueing included; not finite: no limit. */
  readonly timeoutUs: number;
  /** Redirects to follow at most; the 3xx answer after the last one is the response. */
  readonly redirectsMax: number;
  /** Instead of the environment's; `false`: none at all. */
  readonly auth?: AuthPlan | false;
  /** Sent beside those of the VU's jar, which lose against one of the same name. */
  readonly cookies?: Readonly<Record<string, string>>;
  /** The body waits for the server's 100 so long, µs; then it goes out all the same. Absent: it does not wait, unless an `expect` header says so. */
  readonly continueUs?: number;
  /** Whether the outcome has the body; without it nothing is kept, counted against the limit, or decoded. */
  readonly keepsBody: boolean;
  /** Gets the body of a successful answer (2xx) as it comes, whatever `keepsBody` says; absent: nobody does. */
  readonly reader?: BodyReader;
}

/** A request under way. */
export interface RequestHandle {
  /** When it went to the network, monotonic µs. */
  readonly askedAtUs: number;
  /** Ends it as `interrupted` and closes its connection; without effect when it has ended. */
  abort(): void;
  /** Ends it as failed and closes its connection; without effect when it has ended. */
  fail(failure: Failure): void;
  /** Ends an answer that is being read as whole, and closes its connection; without effect when it has ended or no answer has begun. */
  hangUp(): void;
}
