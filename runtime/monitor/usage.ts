/** CPU share and memory of a process since the last look. */
export interface Usage {
  /** Share of one core, user and system time; above 1 with more threads at work. */
  cpu: number;
  rssBytes: number;
}

/** Where usage is read; `process` has it. */
export interface UsageSource {
  /** CPU time so far, µs. */
  cpuUsage(): { user: number; system: number };
  memoryUsage: { rss(): number };
}

/** Measures this process between calls of {@link take}. */
export class UsageMeter {
  readonly #nowUs: () => number;
  readonly #source: UsageSource;
  #lastUs: number;
  #lastCpuUs: number;

  /** @param nowUs - any monotonic clock */
  constructor(nowUs: () => number, source: UsageSource = process) {
    this.#nowUs = nowUs;
    this.#source = source;
    this.#lastUs = nowUs();
    this.#lastCpuUs = this.#cpuUs();
  }

  /** Usage since the last call, or since the meter was made. */
  take(): Usage {
    const nowUs = this.#nowUs();
    const cpuUs = this.#cpuUs();
    const elapsedUs = nowUs - this.#lastUs;
    const cpu = elapsedUs > 0 ? (cpuUs - this.#lastCpuUs) / elapsedUs : 0;
    this.#lastUs = nowUs;
    this.#lastCpuUs = cpuUs;
    return { cpu, rssBytes: this.#source.memoryUsage.rss() };
  }

  #cpuUs(): number {
    const { user, system } = this.#source.cpuUsage();
    return user + system;
  }
}
