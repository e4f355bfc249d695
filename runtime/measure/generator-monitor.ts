import { type Clock, monotonicUs } from '../core/clock.ts';
import type { GeneratorSecond } from '../core/records.ts';
import { CollectionMeter } from './collections.ts';
import { LoopLagSampler } from './loop-lag.ts';
import type { OwnTime } from './own-time.ts';
import { UsageMeter, type UsageSource } from './usage.ts';

const SECOND_US = 1_000_000;

/** What sending was like since the last look, as the sender counts it. */
export interface SendingSecond {
  /** Undefined: nothing was sent. */
  readonly sendLagUsP99: number | undefined;
  readonly connectQueueUsMax: number;
  readonly ownSocketErrors: number;
  readonly stalledFailures?: number;
}

export interface GeneratorMonitorOptions {
  readonly clock: Clock;
  /** Starts since the run began: the engine's `counts()`. */
  readonly starts: () => { readonly late: number; readonly begun: number };
  readonly source?: UsageSource;
  /** Takes what sending was like since it was last asked. */
  readonly sending?: () => SendingSecond | undefined;
  /** Of this worker. */
  readonly own?: Pick<OwnTime, 'totalUs' | 'expect' | 'takeRanUsMax'>;
}

/** Watches the worker it runs in; asked once a second, beside the snapshot. */
export class GeneratorMonitor {
  readonly #clock: Clock;
  readonly #lag: LoopLagSampler;
  readonly #usage: UsageMeter;
  readonly #starts: GeneratorMonitorOptions['starts'];
  readonly #sending: () => SendingSecond | undefined;
  readonly #own: GeneratorMonitorOptions['own'];
  #ownUs = 0;
  readonly #collections = new CollectionMeter();
  #before: { readonly late: number; readonly begun: number };

  constructor({ clock, starts, source, sending = () => undefined, own }: GeneratorMonitorOptions) {
    this.#clock = clock;
    // the two clocks differ in where they begin
    this.#lag = new LoopLagSampler(clock, (atUs) => own?.expect(atUs - clock.nowUs() + monotonicUs()));
    this.#own = own;
    this.#usage = new UsageMeter(() => clock.nowUs(), source);
    this.#starts = starts;
    this.#sending = sending;
    this.#before = starts();
  }

  /** Begins to measure; what the worker did before does not count. */
  start(): void {
    this.#lag.start();
    this.#usage.take();
    this.#ownUs = this.#own?.totalUs ?? 0;
    this.#own?.takeRanUsMax();
    this.#collections.start();
    this.#collections.take();
    this.#sending();
    this.#before = this.#starts();
  }

  stop(): void {
    this.#lag.stop();
    this.#collections.stop();
  }

  /**
   * What has been measured since the last call.
   * @param second - 0-based second of the run that it describes, the first one when it describes several
   * @returns undefined when nothing was measured: not started, or asked within 10 ms
   */
  take(second: number): GeneratorSecond | undefined {
    const lag = this.#lag.take();
    if (lag === undefined) return undefined;
    const { cpu, cpuUs, rssBytes } = this.#usage.take();
    const ownUs = this.#own?.totalUs;
    const starvedUs = ownUs === undefined ? undefined : Math.max(0, Math.round(ownUs - this.#ownUs - cpuUs));
    this.#ownUs = ownUs ?? 0;
    const ranUsMax = this.#own?.takeRanUsMax();
    const { us: gcUs, usMax: gcUsMax } = this.#collections.take();
    const sending = this.#sending();
    const [before, now] = [this.#before, this.#starts()];
    this.#before = now;
    const spanS = Math.floor(this.#clock.nowUs() / SECOND_US) - second;
    return {
      second,
      ...(spanS > 1 ? { spanS } : {}),
      loopLagP99Us: lag.p99Us,
      loopLagMaxUs: lag.maxUs,
      cpu,
      lateStarts: now.late - before.late,
      begunStarts: now.begun - before.begun,
      rssBytes,
      gcUs,
      gcUsMax,
      ...(starvedUs === undefined ? {} : { starvedUs }),
      ...(ranUsMax === undefined ? {} : { ranUsMax: Math.round(ranUsMax) }),
      ...(sending === undefined ? {} : { connectQueueUsMax: sending.connectQueueUsMax, ownSocketErrors: sending.ownSocketErrors }),
      ...(sending?.stalledFailures === undefined ? {} : { stalledFailures: sending.stalledFailures }),
      ...(sending?.sendLagUsP99 === undefined ? {} : { sendLagUsP99: sending.sendLagUsP99 }),
    };
  }
}
