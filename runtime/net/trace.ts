import { randomFillSync } from 'node:crypto';

const TRACE_BYTES = 16;
const SPAN_BYTES = 8;
const POOL_BYTES = 4096;

/** The id of a trace: 32 lower-case hex digits. */
export type TraceId = string;

/** Random ids for `traceparent`, drawn from the system a pool at a time: a call for each would cost more than the request's headers. */
export class TraceIds {
  readonly #pool = Buffer.alloc(POOL_BYTES);
  #at = POOL_BYTES;

  trace(): TraceId {
    return this.#hex(TRACE_BYTES);
  }

  /** The header's value for one hop of a trace: sampled, with a span id of its own. @see https://www.w3.org/TR/trace-context/#traceparent-header */
  parentOf(trace: TraceId): string {
    return `00-${trace}-${this.#hex(SPAN_BYTES)}-01`;
  }

  #hex(bytes: number): string {
    if (this.#at + bytes > POOL_BYTES) {
      randomFillSync(this.#pool);
      this.#at = 0;
    }
    this.#at += bytes;
    return this.#pool.toString('hex', this.#at - bytes, this.#at);
  }
}
