import { ClusterError, EXIT, ScriptError } from '../core/errors.ts';
import { ActivityReader, type RunningVu } from './activity-reader.ts';
import { readFromWorker } from './message-schema.ts';
import type { FromWorker, ToWorker } from './messages.ts';
import { startWorkerProcess, type WorkerProcess } from './worker-process.ts';

export interface LocalBusOptions {
  workerFile: string;
  heapMb: number;
  /** A worker that uses more is killed. */
  memoryBytesMax: number;
  /** A worker that is silent for longer is killed: some code in it does not yield. */
  stallTimeoutMs: number;
  onMessage(worker: number, message: FromWorker): void;
  /** A worker is gone; `error` says why. Not called after `close`. */
  onLost(worker: number, error: ScriptError | ClusterError): void;
  /** Puts what a worker was doing into words, such as `VU 17 (scenario checkout, iteration 3)`. */
  describe(cell: Buffer, running: readonly RunningVu[] | undefined): string;
}

interface Seat {
  process: WorkerProcess;
  lastBeatMs: number;
  stderr: string;
  /** Why we killed it, if we did. */
  killedFor: ScriptError | undefined;
  /** Whose code ran when it was last silent for a while. */
  activity: ActivityReader | undefined;
  running: readonly RunningVu[] | undefined;
  isLeaving: boolean;
}

const WATCH_INTERVAL_MS = 250;
/** A worker that beats every 250 ms and has not for so long is busy with something. */
const SILENT_MS = 600;
const STDERR_KEPT = 4_000;
const MB = 1_048_576;

/** Workers on this machine, over IPC; the watchdog over them included. */
export class LocalBus {
  readonly #options: LocalBusOptions;
  readonly #seats: (Seat | undefined)[] = [];
  readonly #watch: NodeJS.Timeout;
  #lastWatchMs = Date.now();

  constructor(options: LocalBusOptions) {
    this.#options = options;
    this.#watch = setInterval(() => this.#lookAfterAll(), WATCH_INTERVAL_MS);
    this.#watch.unref();
  }

  /** Starts one more worker. @returns its index; it says `ready` when it is */
  add(): number {
    const { workerFile, heapMb } = this.#options;
    const index = this.#seats.length;
    const seat: Seat = {
      process: startWorkerProcess({ workerFile, heapMb }),
      lastBeatMs: Date.now(),
      stderr: '',
      killedFor: undefined,
      activity: undefined,
      running: undefined,
      isLeaving: false,
    };
    this.#seats.push(seat);
    const { child } = seat.process;
    child.on('message', (raw) => this.#receive(index, seat, raw));
    child.on('error', (error) =>
      this.#lost(index, new ClusterError(`worker ${index + 1} could not be started: ${error.message}`, { cause: error })),
    );
    child.on('exit', (code, signal) => this.#exited(index, seat, { code, signal }));
    child.stderr?.on('data', (chunk: Buffer) => {
      seat.stderr = (seat.stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    child.stdout?.resume();
    return index;
  }

  get workers(): number[] {
    return this.#seats.flatMap((seat, index) => (seat === undefined ? [] : [index]));
  }

  send(worker: number, message: ToWorker): void {
    const seat = this.#seats[worker];
    const child = seat?.process.child;
    if (message.type === 'configure' && seat !== undefined && child?.pid !== undefined)
      seat.activity = new ActivityReader(child.pid, message.settings.activityMagic);
    if (child?.connected === true) child.send(message, () => undefined); // a worker that is gone is reported by its exit
  }

  broadcast(message: ToWorker): void {
    for (const worker of this.workers) this.send(worker, message);
  }

  /** From here on this worker may leave. */
  expectLeave(worker: number): void {
    const seat = this.#seats[worker];
    if (seat !== undefined) seat.isLeaving = true;
  }

  /** Ends all workers at once. */
  close(): void {
    clearInterval(this.#watch);
    for (const seat of this.#seats) {
      if (seat === undefined) continue;
      seat.isLeaving = true;
      seat.process.child.kill('SIGKILL');
    }
  }

  #receive(index: number, seat: Seat, raw: unknown): void {
    seat.lastBeatMs = Date.now();
    seat.running = undefined;
    let message: FromWorker;
    try {
      message = readFromWorker(raw);
    } catch (error) {
      seat.isLeaving = true;
      seat.process.child.kill('SIGKILL');
      return this.#lost(index, error as ClusterError);
    }
    if (message.type === 'beat') {
      if (message.rssBytes > this.#options.memoryBytesMax) this.#killForMemory(seat, message.rssBytes);
      return;
    }
    this.#options.onMessage(index, message);
  }

  #lookAfterAll(): void {
    const nowMs = Date.now();
    const wasAwayMs = nowMs - this.#lastWatchMs;
    this.#lastWatchMs = nowMs;
    for (const seat of this.#seats) {
      if (seat === undefined || seat.killedFor !== undefined) continue;
      // a coordinator that was itself away (stopped, asleep) has not heard anybody: that is no one's stall
      if (wasAwayMs > 4 * WATCH_INTERVAL_MS) seat.lastBeatMs = nowMs;
      const silentMs = nowMs - seat.lastBeatMs;
      // also for a worker that soon dies by itself, out of memory: then there is nothing left to read
      if (silentMs > SILENT_MS) seat.running = seat.activity?.running();
      if (silentMs > this.#options.stallTimeoutMs) this.#killForStall(seat);
    }
  }

  #killForStall(seat: Seat): void {
    const place = this.#options.describe(seat.process.readCell(), seat.running);
    const seconds = this.#options.stallTimeoutMs / 1000;
    this.#kill(
      seat,
      `${place} blocked its worker: its code ran for more than ${seconds} s without waiting for anything`,
      'look for a loop that never ends, or a promise chain that goes round without waiting (an await of something that is already there does not wait)',
    );
  }

  #killForMemory(seat: Seat, rssBytes: number): void {
    const place = this.#options.describe(seat.process.readCell(), seat.running);
    this.#kill(
      seat,
      `${place} filled its worker's memory: ${Math.round(rssBytes / MB)} MB in use, ${Math.round(this.#options.memoryBytesMax / MB)} MB allowed`,
      'look for arrays, strings or maps that only grow',
    );
  }

  #kill(seat: Seat, message: string, hint: string): void {
    seat.killedFor = new ScriptError(message, { exitCode: EXIT.runaway, hint });
    seat.process.child.kill('SIGKILL');
  }

  #exited(index: number, seat: Seat, how: { code: number | null; signal: string | null }): void {
    if (seat.killedFor !== undefined) this.#lost(index, seat.killedFor);
    else if (/heap out of memory|Array buffer allocation failed|Allocation failed/.test(seat.stderr)) {
      const place = this.#options.describe(seat.process.readCell(), seat.running);
      const message = `${place} filled its worker's memory: more than ${this.#options.heapMb} MB of JavaScript heap`;
      this.#lost(index, new ScriptError(message, { exitCode: EXIT.runaway, hint: 'look for arrays, strings or maps that only grow' }));
    } else if (!seat.isLeaving) {
      const words = seat.stderr.trim().split('\n').slice(0, 12).join('\n');
      this.#lost(
        index,
        new ClusterError(`worker ${index + 1} died (${how.signal ?? `exit code ${how.code}`})${words === '' ? '' : `:\n${words}`}`),
      );
    } else this.#seats[index] = undefined;
    seat.process.release();
  }

  #lost(index: number, error: ScriptError | ClusterError): void {
    if (this.#seats[index] === undefined) return;
    this.#seats[index] = undefined;
    this.#options.onLost(index, error);
  }
}
