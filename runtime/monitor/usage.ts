/** What one worker was like in one second of the run. */
export interface GeneratorSecond {
  /** 0-based second of the run that it describes. */
  second: number;
  loopLagP99Us: number;
  loopLagMaxUs: number;
  /** Share of one core, 0 to 1; more with the process's other threads. */
  cpu: number;
  /** Starts that began more than 10 ms after they were due though their VU was free. */
  lateStarts: number;
  /** Starts that began, late ones included. */
  begunStarts: number;
  rssBytes: number;
}

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
