import type { Bus, OpenBus } from '../cluster/bus.ts';
import { monotonicUs } from '../core/clock.ts';
import { BugError, ClusterError, type ScriptError } from '../core/errors.ts';
import type { ToPool } from '../core/hand-over.ts';
import type { FromWorker, SharedPlace, ToWorker } from '../messages/messages.ts';
import { SequenceCheck } from '../messages/sequence.ts';
import { within } from './within.ts';

/** What workers say without being asked. */
export type WorkerEvent = Extract<
  FromWorker,
  { type: 'snapshot' | 'samples' | 'log' | 'unawaited' | 'replaced' | 'lost' | 'abort' | 'fail' | 'inspect' | 'draw' }
>;
type Answer = Exclude<FromWorker, WorkerEvent | { type: 'beat' | 'handOver' | 'stalled' }>;

export interface FleetOptions {
  /** Where the workers are. */
  bus: OpenBus;
  onEvent(worker: number, event: WorkerEvent): void;
  /** It is gone and will not come back. */
  onLost?(worker: number): void;
}

interface Waiter {
  worker: number;
  type: Answer['type'];
  /** Number of the question; undefined: it is waited for unasked. */
  ask: number | undefined;
  resolve(answer: Answer): void;
  reject(error: Error): void;
}

/** By how much two reads of one clock may seem out of order: each is rounded. */
const CLOCK_GRAIN_US = 1;

/** The workers of a run, as something to ask and to wait for. A worker that is lost rejects what is waited for of it. */
export class Fleet {
  /** Zero of the run's clock, on the monotonic clock of this process, µs. */
  readonly epochUs = monotonicUs();
  readonly #bus: Bus;
  readonly #options: FleetOptions;
  readonly #waiters = new Set<Waiter>();
  /** By worker. */
  readonly #sequences = new Map<number, SequenceCheck>();
  /** By seat: the worker that has a share of the load, the last one that took the place. */
  readonly #seats: number[] = [];
  /** Why a worker was lost. */
  readonly #lost = new Map<number, ScriptError | ClusterError>();
  #closed: ClusterError | undefined;
  #lastAsk = 0;
  /** Told of work that whoever is free does. */
  onHandOver: (worker: number, parts: readonly ToPool[]) => void = () => undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.#bus = options.bus({
      onMessage: (worker, message, sequence) => {
        this.#checkOf(worker).take(sequence, message);
        this.#receive(worker, message);
      },
      onLost: (worker, error) => this.#lose(worker, error),
    });
  }

  /** Its workers were ended, and none will come. */
  get isClosed(): boolean {
    return this.#closed !== undefined;
  }

  get workers(): number[] {
    return this.#bus.workers;
  }

  /** Starts workers until there are `count`. */
  async grow(count: number): Promise<number[]> {
    if (this.#closed !== undefined) throw this.#closed;
    const added: Promise<unknown>[] = [];
    const indices: number[] = [];
    while (this.#bus.workers.length < count) {
      const index = this.#bus.add();
      this.#seats.push(index);
      indices.push(index);
      added.push(this.#ready(index));
    }
    await Promise.all(added);
    return indices;
  }

  /** How many shares the load has, whoever does them. */
  get seats(): number[] {
    return [...this.#seats.keys()];
  }

  /** The worker of a seat, which may be lost. */
  workerOf(seat: number): number {
    return this.#seats[seat] ?? -1;
  }

  hasWorkerOf(seat: number): boolean {
    return this.workers.includes(this.workerOf(seat));
  }

  /** Starts a worker that takes a seat over from one that was lost. @returns its number, which no worker had before */
  async replace(seat: number): Promise<number> {
    if (this.#closed !== undefined) throw this.#closed;
    const worker = this.#bus.add(seat);
    this.#seats[seat] = worker;
    await this.#ready(worker);
    return worker;
  }

  /** As {@link Bus.canReplace}, of a seat. */
  canReplace(seat: number): boolean {
    return this.#bus.canReplace(seat);
  }

  /** The same moment on the clock of a worker. */
  epochOn(worker: number): number {
    return this.epochUs + this.#bus.clockOf(worker).aheadUs;
  }

  /** @throws {ClusterError} when its clock is not what the bus knows of it: its due times and latencies would be off by the difference */
  async #ready(worker: number): Promise<void> {
    await this.#waitFor(worker, 'ready');
    const askedAtUs = monotonicUs();
    const { nowUs } = await this.ask(worker, { type: 'clock' }, 'clock');
    const answeredAtUs = monotonicUs();
    const { aheadUs, errorUs } = this.#bus.clockOf(worker);
    const oursUs = nowUs - aheadUs;
    const grainUs = CLOCK_GRAIN_US + errorUs;
    if (oursUs >= askedAtUs - grainUs && oursUs <= answeredAtUs + grainUs) return;
    const offMs = Math.max(askedAtUs - oursUs, oursUs - answeredAtUs) / 1000;
    const expected = errorUs === 0 ? "this machine's monotonic clock" : 'the monotonic clock of its agent';
    throw new ClusterError(
      `worker ${worker + 1}: expected ${expected}; got one that is ${offMs.toFixed(1)} ms ${oursUs < askedAtUs ? 'behind' : 'ahead'}`,
    );
  }

  /** As {@link Bus.share}. */
  share(bytes: Buffer): SharedPlace | undefined {
    return this.#bus.share(bytes);
  }

  send(worker: number, message: ToWorker): void {
    this.#bus.send(worker, message);
  }

  broadcast(message: ToWorker): void {
    this.#bus.broadcast(message);
  }

  /** Sends a question and waits for its answer, which is told by its number. */
  ask<Type extends Answer['type']>(worker: number, message: ToWorker, type: Type): Promise<Extract<Answer, { type: Type }>> {
    const ask = ++this.#lastAsk;
    const answer = this.#waitFor(worker, type, ask);
    this.#bus.send(worker, { ...message, ask });
    return answer;
  }

  /**
   * Asks for what code of the script has to do first. Code that waits for something too long is late; code that does not yield is the watchdog's, however
   * little of a processor it gets: who is late and says nothing at all is waited for until it does.
   * @returns undefined when it is late
   * @throws what the watchdog finds
   */
  async askWithin<Type extends Answer['type']>(
    ...[worker, message, type, ms]: [worker: number, message: ToWorker, type: Type, ms: number]
  ): Promise<Extract<Answer, { type: Type }> | undefined> {
    const asked = this.ask(worker, message, type);
    const answer = await within(asked, ms);
    if (answer !== undefined) return answer;
    await this.ask(worker, { type: 'clock' }, 'clock');
    return undefined;
  }

  /** Asks all workers. */
  askAll<Type extends Answer['type']>(message: ToWorker, type: Type): Promise<Extract<Answer, { type: Type }>[]> {
    return Promise.all(this.workers.map((worker) => this.ask(worker, message, type)));
  }

  /** Waits for what a worker says once, and unasked. */
  #waitFor<Type extends Answer['type']>(worker: number, type: Type, ask?: number): Promise<Extract<Answer, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const gone = this.#closed ?? this.#lost.get(worker); // nothing is heard of one after `close`, though it may be there for a moment
      if (gone !== undefined) return reject(gone);
      this.#waiters.add({ worker, type, ask, resolve: resolve as (answer: Answer) => void, reject });
    });
  }

  /** Ends all workers at once; whatever is still waited for is rejected. */
  close(): void {
    const closed = new ClusterError('the workers were ended');
    this.#closed ??= closed;
    this.#bus.close();
    for (const waiter of this.#waiters) waiter.reject(closed);
    this.#waiters.clear();
  }

  #checkOf(worker: number): SequenceCheck {
    const seat = this.#seats.indexOf(worker);
    const check = this.#sequences.get(worker) ?? new SequenceCheck(`worker ${(seat < 0 ? worker : seat) + 1}`);
    this.#sequences.set(worker, check);
    return check;
  }

  #receive(worker: number, message: FromWorker): void {
    switch (message.type) {
      case 'snapshot':
      case 'samples':
      case 'log':
      case 'unawaited':
      case 'replaced':
      case 'lost':
      case 'abort':
      case 'fail':
      case 'inspect':
      case 'draw':
        return this.#options.onEvent(worker, message);
      case 'handOver':
        return this.onHandOver(worker, message.parts);
      case 'stalled':
        for (const other of this.workers) if (other !== worker) this.#bus.send(other, message);
        return;
      case 'beat':
        throw new BugError('the bus keeps beats to itself');
      default:
        return this.#answered(worker, message);
    }
  }

  /** What nobody asked for, or asked another worker, or is of another kind than what was asked for, is no answer. */
  #answered(worker: number, answer: Answer): void {
    const ask = 'to' in answer ? answer.to : undefined;
    for (const waiter of this.#waiters) {
      if (waiter.worker !== worker || waiter.ask !== ask || waiter.type !== answer.type) continue;
      this.#waiters.delete(waiter);
      return waiter.resolve(answer);
    }
  }

  #lose(worker: number, error: ScriptError | ClusterError): void {
    this.#lost.set(worker, error);
    this.#options.onLost?.(worker);
    for (const waiter of this.#waiters) {
      if (waiter.worker !== worker) continue;
      this.#waiters.delete(waiter);
      waiter.reject(error);
    }
  }
}
