import type { HttpOutcome } from '../core/records.ts';
import { Cookies } from './cookies.ts';
import { Deadlines } from './deadlines.ts';
import type { HttpRequest, RequestHandle } from './http-request.ts';
import { LogicalRequest, type RequestContext } from './logical-request.ts';
import type { NetShared } from './net-shared.ts';
import { OriginPool } from './origin-pool.ts';
import type { Target } from './target.ts';

/** HTTP as one VU has it: connections and cookies of its own, as a person with a browser. HTTP/1.1; a connection is dialled when it is first needed. */
export class VuHttp implements RequestContext {
  readonly shared: NetShared;
  readonly cookies = new Cookies();
  readonly deadlines = new Deadlines();
  readonly #pools = new Map<string, OriginPool>();

  constructor(shared: NetShared) {
    this.shared = shared;
  }

  /** Calls `onDone` exactly once, and never before it returns, whatever happens. */
  request(request: HttpRequest, onDone: (outcome: HttpOutcome) => void): RequestHandle {
    return new LogicalRequest(this, request, onDone);
  }

  /** The target of a URL, for its cookies; undefined when it is no http or https URL. */
  targetOf(url: string): Target | undefined {
    return this.shared.judged(url)?.target;
  }

  resetCookies(): void {
    this.cookies.reset();
  }

  /** Closes the connections that carry nothing: the next request dials. */
  closeIdle(): void {
    for (const pool of this.#pools.values()) pool.closeIdle();
  }

  /** Ends all requests under way as `interrupted`; the connections that carried them are closed, the others stay. */
  abortAll(): void {
    this.deadlines.abortAll();
  }

  /** Ends all requests and closes all connections. A request asked for after this begins anew. */
  close(): void {
    this.abortAll();
    for (const pool of this.#pools.values()) pool.close();
    this.#pools.clear();
    this.deadlines.close();
  }

  poolFor(target: Target): OriginPool {
    const known = this.#pools.get(target.origin);
    if (known !== undefined) return known;
    const pool = new OriginPool(target, this.shared);
    this.#pools.set(target.origin, pool);
    return pool;
  }
}
