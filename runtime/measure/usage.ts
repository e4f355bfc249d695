/** CPU share and memory of a process since the last look. */
export interface Usage {
  /** Share of one core, user and system time; above 1 with more threads at work. */
  cpu: number;
  /** The same as time, µs. */
  cpuUs: number;
  rssBytes: number;
}

/** Where usage is read; `process` has it. */
export interface UsageSource {
  /** CPU time so far, µs. */
  cpuUsage(): { user: number; system: number };
  memoryUsage: { rss(): number };
}

/**
 * Resident memory of this process, or what it was when it was last known: with no file descriptor left the system does not say, and a worker
 * without sockets has that to tell, not to die of.
 */
export class ResidentMemory {
  readonly #source: UsageSource['memoryUsage'];
  #bytes = 0;

  constructor(source: UsageSource['memoryUsage'] = process.memoryUsage) {
    this.#source = source;
  }

  /** 0 when it has never been known. */
  bytes(): number {
    try {
      this.#bytes = this.#source.rss();
    } catch {
      // EMFILE: Node reads it from a file
    }
    return this.#bytes;
  }
}

/** Measures this process between calls of {@link take}. */
export class UsageMeter {
  readonly #nowUs: () => number;
  readonly #source: UsageSource;
  readonly #memory: ResidentMemory;
  #lastUs: number;
  #lastCpuUs: number;

  /** @param nowUs - any monotonic clock */
  constructor(nowUs: () => number, source: UsageSource = process) {
    this.#nowUs = nowUs;
    this.#source = source;
    this.#memory = new ResidentMemory(source.memoryUsage);
    this.#lastUs = nowUs();
    this.#lastCpuUs = this.#cpuUs();
  }

  /** Usage since the last call, or since the meter was made. */
  take(): Usage {
    const nowUs = this.#nowUs();
    const cpuUs = this.#cpuUs();
    const elapsedUs = nowUs - this.#lastUs;
    const usedUs = cpuUs - this.#lastCpuUs;
    const cpu = elapsedUs > 0 ? usedUs / elapsedUs : 0;
    this.#lastUs = nowUs;
    this.#lastCpuUs = cpuUs;
    return { cpu, cpuUs: usedUs, rssBytes: this.#memory.bytes() };
  }

  #cpuUs(): number {
    const { user, system } = this.#source.cpuUsage();
    return user + system;
  }
}
