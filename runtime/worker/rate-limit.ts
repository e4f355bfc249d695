/** Keeps a worker's requests at least so far apart on average; a bound of the environment (`max_rps`), not a shape of load. */
export class RateLimit {
  readonly #intervalUs: number;
  #nextUs = 0;

  /** @param requestsPerSecond - this worker's share */
  constructor(requestsPerSecond: number) {
    this.#intervalUs = 1_000_000 / requestsPerSecond;
  }

  /** Books the next place. @returns µs to wait until it */
  delayUs(nowUs: number): number {
    const atUs = Math.max(nowUs, this.#nextUs);
    this.#nextUs = atUs + this.#intervalUs;
    return Math.round(atUs - nowUs);
  }
}
