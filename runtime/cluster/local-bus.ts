import { ClusterError, type ScriptError } from '../core/errors.ts';
import { FrameReader } from '../messages/frames.ts';
import { decodeFromWorker, FROM_WORKER_LIMITS } from '../messages/message-codec.ts';
import type { FromWorker, Sent, SharedPlace } from '../messages/messages.ts';
import { type Activity, ActivityReader } from './activity-reader.ts';
import { describeActivity } from './activity-words.ts';
import type { Bus, BusListener } from './bus.ts';
import { MessageGate } from './message-gate.ts';
import { readFromWorker } from './message-schema.ts';
import { cpuMsOf } from './process-cpu.ts';
import { memoryOf, type ProcessMemory } from './process-memory.ts';
import { holdShared, letGoOfShared, share } from './shared-bytes.ts';
import { type Doing, died, neverRan, refused, stalled, tooLarge } from './worker-loss.ts';
import { startWorkerProcess, type Variables, type WorkerProcess } from './worker-process.ts';

export interface LocalBusOptions extends BusListener {
  workerFile: string;
  heapMb: number;
  /** Of which workers see those that they may. */
  variables: Variables;
  /** A worker that uses more is killed. */
  memoryBytesMax: number;
  /** A worker that is silent for longer is killed: some code in it does not yield. */
  stallTimeoutMs: number;
}

interface Seat {
  /** What it is called, from 0: its number, or that of the worker whose place it took. */
  called: number;
  process: WorkerProcess;
  reader: FrameReader;
  gate: MessageGate;
  lastBeatMs: number;
  /** Processor time that it had had soon after that; undefined: not looked at yet, or not known. */
  beatCpuMs: number | undefined;
  /** Processor time that it had had when it was last seen to have run, and when that was; undefined: not since it spoke. */
  ran: { cpuMs: number; atMs: number } | undefined;
  /** What it had in use when it spoke last. */
  beatRssBytes: number;
  /** What it had asked the system for when it was ready. */
  dataBytesAtFirst: number | undefined;
  stderr: string;
  /** As it was told. */
  scenarioNames: readonly string[];
  /** Looks at what its VUs do. */
  activityReader: ActivityReader | undefined;
  /** What they did when it was last silent for a while. */
  activity: Activity | undefined;
  /** Why we killed it, if we did. */
  killedFor: ScriptError | ClusterError | undefined;
  isLeaving: boolean;
}

const WATCH_INTERVAL_MS = 100;
/** A worker that beats every 250 ms and has not for so long is busy with something. */
const SILENT_MS = 600;
/** A coordinator that was itself away (stopped, asleep) for so long has not heard anybody: that is no one's stall. */
const AWAY_MS = 1_000;
/** Of the limit, what a worker must have run to be stuck: the system counts by hundredths of a second, and looks come every tenth. */
const BUSY_RATIO = 0.8;
/** So long without a processor, and it is given up. */
const GIVEN_UP_MS = 60_000;
const STDERR_KEPT = 16_000;
/** A worker that grows by more while it is silent is filling its memory. */
const GROWTH_BYTES_MIN = 256 << 20;

/** Workers on this machine, over their channels; the watchdog over them included. */
export class LocalBus implements Bus {
  readonly #options: LocalBusOptions;
  readonly #seats: (Seat | undefined)[] = [];
  readonly #watch: NodeJS.Timeout;
  #lastWatchMs = Date.now();
  /** It holds what it shared itself: whoever takes the place of its last worker reads there too. */
  #isSharing = false;

  constructor(options: LocalBusOptions) {
    this.#options = options;
    this.#watch = setInterval(() => this.#lookAfterAll(), WATCH_INTERVAL_MS);
    this.#watch.unref();
  }

  /** Starts one more worker. @param called - what it is called in words: takes the place of that one @returns its index, never given before; it says `ready` when it is */
  add(called = this.#seats.length): number {
    const { workerFile, heapMb, variables } = this.#options;
    const index = this.#seats.length;
    const seat: Seat = {
      called,
      process: startWorkerProcess({ workerFile, heapMb, variables }),
      reader: new FrameReader(FROM_WORKER_LIMITS),
      gate: new MessageGate(performance.now()),
      lastBeatMs: Date.now(),
      beatCpuMs: undefined,
      ran: undefined,
      beatRssBytes: 0,
      dataBytesAtFirst: undefined,
      stderr: '',
      scenarioNames: [],
      activityReader: undefined,
      activity: undefined,
      killedFor: undefined,
      isLeaving: false,
    };
    this.#seats.push(seat);
    const { child, channel } = seat.process;
    channel.on('data', (chunk: Buffer) => this.#receive(index, seat, chunk));
    child.on('error', (error) =>
      this.#lost(index, new ClusterError(`worker ${called + 1} could not be started: ${error.message}`, { cause: error })),
    );
    // not `exit`: what it said last may still be on its way then
    child.on('close', (code, signal) => this.#closed(index, seat, signal ?? `exit code ${code}`));
    child.stderr?.on('data', (chunk: Buffer) => {
      seat.stderr = (seat.stderr + chunk.toString()).slice(-STDERR_KEPT);
    });
    child.stdout?.resume();
    return index;
  }

  get workers(): number[] {
    return this.#seats.flatMap((seat, index) => (seat === undefined ? [] : [index]));
  }

  send(worker: number, message: Sent): void {
    const seat = this.#seats[worker];
    if (seat === undefined) return;
    const { child } = seat.process;
    if (message.type === 'configure') {
      seat.scenarioNames = message.settings.scenarios.map(({ name }) => name);
      if (child.pid !== undefined) seat.activityReader = new ActivityReader(child.pid, message.settings.activity.magic);
    }
    seat.process.send(message);
  }

  /** What was lost here is dead when that is known. */
  canReplace(): boolean {
    return true;
  }

  /** All processes of a machine read the same one. */
  clockOf(): { aheadUs: number; errorUs: number } {
    return { aheadUs: 0, errorUs: 0 };
  }

  broadcast(message: Sent): void {
    for (const worker of this.workers) this.send(worker, message);
  }

  share(bytes: Buffer): SharedPlace | undefined {
    if (this.workers.length === 0) return undefined;
    if (!this.#isSharing) holdShared();
    this.#isSharing = true;
    return share(bytes);
  }

  end(worker: number): void {
    const seat = this.#seats[worker];
    if (seat === undefined) return;
    seat.isLeaving = true;
    seat.process.child.kill('SIGKILL');
  }

  /** Ends all workers at once. */
  close(): void {
    clearInterval(this.#watch);
    for (const worker of this.workers) this.end(worker);
    if (this.#isSharing) letGoOfShared();
    this.#isSharing = false;
  }

  #receive(index: number, seat: Seat, chunk: Buffer): void {
    seat.lastBeatMs = Date.now();
    seat.beatCpuMs = undefined;
    seat.ran = undefined;
    seat.activity = undefined;
    if (seat.killedFor instanceof ClusterError || seat.isLeaving) return;
    try {
      for (const frame of seat.reader.push(chunk)) {
        seat.gate.pass(frame.head.length + frame.tail.length, performance.now());
        this.#hear(index, seat, { message: readFromWorker(decodeFromWorker(frame)), sequence: frame.sequence });
      }
    } catch (error) {
      // whoever reads what a worker says may find that it is none of what it should be
      if (!(error instanceof ClusterError)) throw error;
      this.#kill(seat, error);
    }
  }

  #hear(index: number, seat: Seat, { message, sequence }: { message: FromWorker; sequence: number }): void {
    if (message.type === 'beat') return this.#judgeMemory(seat, message.rssBytes);
    if (message.type === 'refused') return this.#kill(seat, refused(seat.called, message.missing));
    if (message.type === 'ready') seat.dataBytesAtFirst = this.#memory(seat)?.dataBytes;
    if (message.type === 'prepared') seat.activityReader?.locate();
    this.#options.onMessage(index, message, sequence);
  }

  #lookAfterAll(): void {
    const nowMs = Date.now();
    const isBack = nowMs - this.#lastWatchMs > AWAY_MS;
    this.#lastWatchMs = nowMs;
    this.#seats.forEach((seat) => {
      if (seat === undefined || seat.killedFor !== undefined) return;
      if (isBack) seat.lastBeatMs = nowMs;
      if (isBack || seat.beatCpuMs === undefined) seat.beatCpuMs = cpuMsOf(seat.process.child.pid ?? 0);
      this.#judgeMemory(seat, undefined);
      const silentMs = nowMs - seat.lastBeatMs;
      // also for a worker that soon dies by itself, out of memory: then there is nothing left to look at
      if (silentMs > SILENT_MS) seat.activity = seat.activityReader?.look();
      if (silentMs > this.#options.stallTimeoutMs && seat.killedFor === undefined) this.#judgeSilence(seat, silentMs);
    });
  }

  /** @param beatRssBytes - what the worker says of itself; undefined when it is silent */
  #judgeMemory(seat: Seat, beatRssBytes: number | undefined): void {
    if (beatRssBytes !== undefined) seat.beatRssBytes = beatRssBytes;
    const { memoryBytesMax } = this.#options;
    const memory = this.#memory(seat);
    const asked = memory === undefined || seat.dataBytesAtFirst === undefined ? 0 : memory.dataBytes - seat.dataBytesAtFirst;
    const used = Math.max(memory?.rssBytes ?? seat.beatRssBytes, asked);
    if (used <= memoryBytesMax || seat.killedFor !== undefined) return;
    seat.activity = seat.activityReader?.look();
    this.#kill(seat, tooLarge(this.#doing(seat), { used, max: memoryBytesMax }));
  }

  /** A worker that got no processor is not stuck: it is silent for as long as it had time to say something. */
  #judgeSilence(seat: Seat, silentMs: number): void {
    const { stallTimeoutMs } = this.#options;
    const cpuMs = cpuMsOf(seat.process.child.pid ?? 0);
    const hadMs = cpuMs === undefined || seat.beatCpuMs === undefined ? silentMs : cpuMs - seat.beatCpuMs;
    if (hadMs >= stallTimeoutMs * BUSY_RATIO) return this.#killForStall(seat);
    if (cpuMs !== undefined && cpuMs !== (seat.ran?.cpuMs ?? seat.beatCpuMs)) seat.ran = { cpuMs, atMs: Date.now() };
    const idleMs = seat.ran === undefined ? silentMs : Date.now() - seat.ran.atMs;
    if (idleMs > GIVEN_UP_MS) this.#kill(seat, neverRan(seat.called, { silentMs, hadMs }));
  }

  #killForStall(seat: Seat): void {
    const { stallTimeoutMs: timeoutMs, heapMb } = this.#options;
    const usedBytes = this.#memory(seat)?.rssBytes ?? 0;
    // near its end the heap is cleaned up again and again, which looks like a loop from here
    const isFilling = usedBytes - seat.beatRssBytes > GROWTH_BYTES_MIN || usedBytes > 0.9 * heapMb * 1_048_576;
    this.#kill(seat, stalled(seat.called, this.#doing(seat), { timeoutMs, usedBytes: isFilling ? usedBytes : undefined }));
  }

  #kill(seat: Seat, error: ScriptError | ClusterError): void {
    seat.killedFor = error;
    seat.process.child.kill('SIGKILL');
  }

  #closed(index: number, seat: Seat, how: string): void {
    const { heapMb } = this.#options;
    const doing = this.#doing(seat);
    seat.process.release();
    if (seat.killedFor !== undefined) this.#lost(index, seat.killedFor);
    else if (seat.isLeaving) this.#seats[index] = undefined;
    else this.#lost(index, died(seat.called, doing, { how, stderr: seat.stderr, heapMb }));
  }

  #memory(seat: Seat): ProcessMemory | undefined {
    return memoryOf(seat.process.child.pid ?? 0);
  }

  #doing(seat: Seat): Doing {
    return describeActivity(seat.process.readCell(), seat.activity, seat.scenarioNames);
  }

  #lost(index: number, error: ScriptError | ClusterError): void {
    if (this.#seats[index] === undefined) return;
    this.#seats[index] = undefined;
    this.#options.onLost(index, error);
  }
}
