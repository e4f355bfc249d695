import type { Bus, OpenBus } from '../cluster/bus.ts';
import { type EchoServer, startEchoServer } from '../cluster/echo-server.ts';
import { monotonicUs } from '../core/clock.ts';
import { ClusterError } from '../core/errors.ts';
import { type Frame, FrameReader } from '../messages/frames.ts';
import { decodeToWorker, encodeFromWorker, TO_WORKER_LIMITS } from '../messages/message-codec.ts';
import type { Sent } from '../messages/messages.ts';
import { SequenceCheck } from '../messages/sequence.ts';
import { Link } from './link.ts';
import { ParcelCache } from './parcels.ts';
import type { Wire } from './wire.ts';
import { bytesOf, errorWords, type FromAgent, LEASE_MS, readWords, SUBJECT, toAgentSchema } from './words.ts';

const FETCH_PATIENCE_MS = 10_000;
const LEASE_LOOK_MS = 100;

export interface HiredRunOptions {
  readonly wire: Wire;
  readonly agent: string;
  readonly run: string;
  readonly openBus: OpenBus;
  /** It is over, and its workers are ended. `problem`: why before its end. Once. */
  onEnd(problem: string | undefined): void;
}

/** A worker of this machine, as the coordinator speaks to it. */
interface Hired {
  readonly local: number;
  readonly reader: FrameReader;
  readonly check: SequenceCheck;
  /** What was said before has been handed on. */
  before: Promise<void>;
  isWaiting: boolean;
  epochUs: number;
}

/** An agent's part of one run: workers of this machine that a coordinator elsewhere speaks to. It ends them when it has not been heard for a lease. */
export class HiredRun {
  readonly #options: HiredRunOptions;
  readonly #link: Link;
  readonly #bus: Bus;
  readonly #parcels: ParcelCache;
  readonly #hired = new Map<number, Hired>();
  /** By the number of the local bus. */
  readonly #numbers = new Map<number, number>();
  /** Where large pictures lie for all workers of this machine, by digest. */
  readonly #placed = new Map<string, unknown>();
  readonly #unheard: () => void;
  readonly #watch: NodeJS.Timeout;
  /** By number: when an answer to the coordinator's ping was said, monotonic µs. */
  readonly #answered = new Map<number, number>();
  #leaseEndUs = monotonicUs() + LEASE_MS * 1_000;
  #echo: Promise<EchoServer> | undefined;
  #isOver = false;

  constructor(options: HiredRunOptions) {
    this.#options = options;
    const { wire, agent, run } = options;
    this.#link = new Link('the coordinator', (piece) => wire.publish(SUBJECT.up(run, agent), piece), {
      control: (message) => this.#told(message),
      bytes: (worker, bytes) => this.#hear(worker, bytes),
      broken: (error) => this.#end(error.message),
    });
    this.#unheard = wire.subscribe(SUBJECT.down(run, agent), (piece) => this.#link.take(piece));
    this.#parcels = new ParcelCache((sha256, at) => this.#fetch(sha256, at));
    this.#bus = options.openBus({
      onMessage: (local, message, sequence) => {
        const worker = this.#numbers.get(local);
        if (worker !== undefined) this.#link.sayBytes(worker, encodeFromWorker(message, sequence));
      },
      onLost: (local, error) => {
        const worker = this.#numbers.get(local);
        if (this.#bus.workers.length === 0) this.#placed.clear(); // gone with the last that read there
        if (worker !== undefined) this.#say({ type: 'lost', worker, error: errorWords(error) });
      },
    });
    this.#watch = setInterval(() => {
      if (monotonicUs() > this.#leaseEndUs) this.#end(`nothing was heard of the coordinator for ${LEASE_MS / 1_000} s`);
    }, LEASE_LOOK_MS);
  }

  /** The coordinator asks for the clock. `heard`: the highest number whose answer it has; the lease is counted from when that was said, so it ends here first. */
  pinged(number: number, heard: number): void {
    const saidUs = this.#answered.get(heard);
    if (saidUs !== undefined) this.#leaseEndUs = Math.max(this.#leaseEndUs, saidUs + LEASE_MS * 1_000);
    for (const old of this.#answered.keys()) if (old < heard) this.#answered.delete(old);
    this.#answered.set(number, monotonicUs());
  }

  /** This agent has to go. */
  leave(reason: string): void {
    this.#say({ type: 'leaves', reason });
    this.#end(reason);
  }

  #say(message: FromAgent): void {
    this.#link.say(message);
  }

  #told(said: unknown): void {
    const message = readWords(toAgentSchema, said, 'the coordinator');
    if (message.type === 'end') return message.worker === undefined ? this.#end(undefined) : this.#endWorker(message.worker);
    const local = this.#bus.add(message.called);
    this.#numbers.set(local, message.worker);
    this.#hired.set(message.worker, {
      local,
      reader: new FrameReader(TO_WORKER_LIMITS),
      check: new SequenceCheck('the coordinator'),
      before: Promise.resolve(),
      isWaiting: false,
      epochUs: 0,
    });
  }

  #endWorker(worker: number): void {
    const local = this.#hired.get(worker)?.local;
    if (local === undefined) return;
    this.#numbers.delete(local);
    this.#bus.end(local);
  }

  #hear(worker: number, bytes: Buffer): void {
    const hired = this.#hired.get(worker);
    if (hired === undefined) throw new ClusterError(`the coordinator spoke to a worker ${worker} that was never asked for`);
    for (const frame of hired.reader.push(bytes)) this.#take(hired, frame);
  }

  #take(hired: Hired, frame: Frame): void {
    const message = decodeToWorker(frame);
    hired.check.take(frame.sequence, message);
    if (message.type === 'configure') hired.epochUs = message.epochUs;
    if (message.type === 'run' && message.period === 'measured' && message.join === undefined)
      this.#say({ type: 'lead', us: Math.round(hired.epochUs + message.startUs - monotonicUs()) });
    const isReady = ParcelCache.isWhole(message) && message.type !== 'calibrate';
    if (isReady && !hired.isWaiting) return this.#bus.send(hired.local, message);
    hired.isWaiting = true;
    const mine = hired.before
      .then(() => this.#complete(message))
      .then((whole) => {
        if (!this.#isOver) this.#bus.send(hired.local, whole);
      })
      .catch((error: unknown) => this.#end(error instanceof Error ? error.message : String(error)))
      .finally(() => {
        if (hired.before === mine) hired.isWaiting = false;
      });
    hired.before = mine;
  }

  /** With all that it needs from elsewhere, as this machine has it. */
  async #complete(message: Sent): Promise<Sent> {
    if (message.type === 'calibrate') {
      this.#echo ??= startEchoServer(); // the coordinator's own is on another machine
      return { ...message, url: (await this.#echo).url };
    }
    return this.#parcels.fill(message, (sha256, bytes) => {
      const place = this.#placed.get(sha256) ?? this.#bus.share(bytes);
      if (place !== undefined) this.#placed.set(sha256, place);
      return place ?? bytes;
    });
  }

  async #fetch(sha256: string, at: number): Promise<Buffer> {
    const { wire, run } = this.#options;
    const answer = await wire.ask(SUBJECT.parcel(run), bytesOf({ sha256, at }), FETCH_PATIENCE_MS);
    if (!Buffer.isBuffer(answer))
      throw new ClusterError(`a part of the script or its data could not be fetched: the coordinator is ${answer}`);
    return answer;
  }

  #end(problem: string | undefined): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#watch);
    this.#link.end();
    this.#unheard();
    this.#bus.close();
    void this.#echo?.then((server) => server.close()).catch(() => undefined);
    this.#options.onEnd(problem);
  }
}
