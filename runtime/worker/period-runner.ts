import { type Clock, monotonicUs, runClock } from '../core/clock.ts';
import { ExactClock } from '../core/exact-clock.ts';
import type { FromPool } from '../core/hand-over.ts';
import { ratioOf } from '../core/partition.ts';
import type { LoadChange } from '../core/plan.ts';
import { lengthOf } from '../core/plan-length.ts';
import { NO_STARTS, type StartCounts } from '../core/records.ts';
import { Engine } from '../engine/engine.ts';
import type { DroppedStarts } from '../engine/host.ts';
import { GeneratorMonitor } from '../measure/generator-monitor.ts';
import { type FromWorker, STALL_US_MAX, type ToWorker } from '../messages/messages.ts';
import { PooledMessages } from './hand-over-port.ts';
import type { WorkerRuntime } from './worker-runtime.ts';

const SECOND_US = 1_000_000;
/**
 * Timers of Node come up to so much late, never early: the engine's clock is ahead by half of it, so that iterations of closed models come half of it early
 * or late at most. One that comes early is due when it comes. Starts of open models have a clock that is exact.
 */
const TIMER_GRAIN_US = 1_000;

/** Turns of the event loop in which a start is begun and its request sent. */
const TURNS_OF_STARTS = 3;

/** After its end a second is told a little later by each worker than by the one before it: told all at once, they would keep the starts of the next from a processor. */
const TOLD_AFTER_US = 10_000;
/** Of workers that tell at different times. */
const TELLING_GROUPS = 8;

/** Runs a period of the plan (warm-up, then the measured one) in this worker and reports every second. */
export class PeriodRunner {
  readonly #runtime: WorkerRuntime;
  #engine: Engine | undefined;
  #monitor: GeneratorMonitor | undefined;
  #clock: Clock | undefined;
  #exactClock: ExactClock | undefined;
  #asked = 0;
  #second = 0;
  /** Of the period that ended last. */
  #lastStarts: StartCounts = NO_STARTS;
  #lastStartsByScenario: StartCounts[] = [];
  #lostStarts = 0;
  #cancelTick: () => void = () => undefined;
  /** A second that is over and not told yet. */
  #untold: FromWorker | undefined;
  #cancelTelling: () => void = () => undefined;

  constructor(runtime: WorkerRuntime) {
    this.#runtime = runtime;
  }

  /** @param to - number of the question that the end of the period answers */
  run(message: Extract<ToWorker, { type: 'run' }>, to: number): void {
    this.#asked = to;
    const { crew, recorder, setup } = this.#runtime;
    const { period, scenarios, join } = message;
    const { epochUs, share } = setup;
    const startUs = epochUs + message.startUs;
    const clock = runClock(startUs);
    crew.startUs = startUs;
    recorder.enter(period, startUs + (lengthOf(scenarios).plannedUs ?? Number.POSITIVE_INFINITY));
    const ownWaitUs = crew.ownWaitUs.bind(crew);
    const host = {
      begin: crew.begin.bind(crew),
      interrupt: crew.interrupt.bind(crew),
      retired: (vu: number) => (period === 'measured' ? crew.retire(vu) : undefined),
      dropped: (drop: DroppedStarts) => {
        if (drop.isLost === true) this.#lostStarts += drop.count;
        recorder.dropped(drop, ownWaitUs);
      },
      ownWaitUs,
    };
    const engineClock = runClock(startUs - TIMER_GRAIN_US / 2);
    const exactClock = new ExactClock({ startUs, naps: this.#runtime.naps, state: () => this.#turnState() });
    const joining = join === undefined ? {} : { join };
    const handOver = new PooledMessages((parts) => this.#runtime.messenger.send({ type: 'handOver', parts }));
    const isOneOfMany = ratioOf(share.range) < 1;
    const handing = isOneOfMany ? { handOver } : {};
    if (isOneOfMany) this.#runtime.own.onStall = (us) => this.#runtime.messenger.send({ type: 'stalled', us: Math.min(us, STALL_US_MAX) });
    const engine = new Engine({
      scenarios,
      range: share.range,
      seed: setup.settings.seed,
      clock: engineClock,
      exactClock,
      host,
      ...joining,
      ...handing,
    });
    const monitor = new GeneratorMonitor({
      clock,
      starts: () => engine.counts(),
      sending: () => crew.desk?.takeSending(),
      own: this.#runtime.own,
    });
    this.#runtime.onPace = (vu, us) => engine.setPaceUs(vu, us);
    const beginUs = join?.atUs ?? 0;
    [this.#engine, this.#monitor, this.#clock, this.#second] = [engine, monitor, clock, Math.floor(beginUs / SECOND_US)];
    this.#exactClock = exactClock;
    this.#lostStarts = 0;
    this.#cancelTick();
    clock.at(beginUs, () => {
      monitor.start();
      engine.start();
      this.#sayUsers();
    });
    this.#tickAt((this.#second + 1) * SECOND_US);
    void engine.done.then(() => this.#ended(period));
  }

  stop(how: 'graceful' | 'now'): void {
    const { window } = this.#runtime.recorder;
    window.plannedEndUs = Math.min(window.plannedEndUs, monotonicUs());
    if (how === 'graceful') this.#engine?.stop();
    else this.#engine?.stopNow();
  }

  /** Changes the load of the period that runs; nothing when none does. */
  adjust(change: LoadChange): void {
    this.#engine?.adjust(change);
  }

  /** What the coordinator says of starts, users and iterations that whoever is free does. */
  handed(parts: readonly FromPool[]): void {
    for (const part of parts) this.#engine?.handed(part);
  }

  /** The period is over for all workers: nobody asks any more how many users are at work. */
  over(): void {
    if (this.#engine === undefined) this.#cancelTick();
  }

  enterTeardown(): void {
    this.#cancelTick();
    this.flush();
    this.#runtime.recorder.enter('teardown');
  }

  /** Sends what has been recorded since the last snapshot. */
  flush(): void {
    this.#tell();
    this.#untold = this.#closeSecond();
    this.#tell();
  }

  #tell = (): void => {
    this.#cancelTelling();
    if (this.#untold !== undefined) this.#runtime.messenger.send(this.#untold);
    this.#untold = undefined;
  };

  #closeSecond(): FromWorker {
    const { recorder, samples, crew, messenger } = this.#runtime;
    const drained = recorder.drain();
    samples?.closeSecond();
    messenger.refill();
    const generator = this.#monitor?.take(this.#second) ?? null;
    if (generator !== null) this.#exactClock?.heed(generator.cpu + (generator.starvedUs ?? 0) / SECOND_US);
    return {
      type: 'snapshot',
      second: this.#second,
      period: recorder.window.period,
      ...drained,
      starts: this.#engine?.counts() ?? this.#lastStarts,
      startsByScenario: this.#engine?.countsByScenario() ?? this.#lastStartsByScenario,
      activeUsers: this.#engine?.activeUsers() ?? 0,
      inFlight: crew.desk?.inFlight ?? 0,
      generator,
      running: crew.runningByScenario(),
      lostStarts: this.#lostStarts,
    };
  }

  /** What a start that is about to be due may sleep for. */
  #turnState(): 'turns' | 'waits' | 'quiet' {
    const { mailbox, crew } = this.#runtime;
    if (mailbox.hasMail) return 'turns';
    return crew.desk?.inFlight === 0 ? 'quiet' : 'waits';
  }

  #tickAt(atUs: number): void {
    const clock = this.#clock as Clock;
    this.#cancelTick = clock.at(atUs, () => this.#tick(TURNS_OF_STARTS));
  }

  /** A start of a whole rate is due with the second: what goes out in these turns of the loop does before the second is told, which takes a millisecond or two. */
  #tick(turns: number): void {
    const clock = this.#clock as Clock;
    if (turns > 0 && (this.#runtime.mailbox.hasMail || this.#exactClock?.isAboutToCall === true)) {
      this.#cancelTick = clock.at(clock.nowUs(), () => this.#tick(turns - 1));
      return;
    }
    this.#sayUsers();
    this.#tell();
    this.#untold = this.#closeSecond();
    const turn = this.#runtime.setup.share.numbers.from % TELLING_GROUPS;
    this.#cancelTelling = clock.at(clock.nowUs() + TOLD_AFTER_US * (1 + turn), this.#tell);
    this.#second = Math.floor(clock.nowUs() / SECOND_US);
    this.#tickAt((this.#second + 1) * SECOND_US);
  }

  #sayUsers(): void {
    this.#runtime.recorder.users(this.#engine?.activeUsers() ?? 0, this.#runtime.crew.users.length);
  }

  /** Its seconds go on until all workers are done: its part of the users is none then, and they are added up. */
  #ended(period: 'warm-up' | 'measured'): void {
    this.flush();
    this.#monitor?.stop();
    this.#monitor = undefined;
    const { messenger, setup } = this.#runtime;
    messenger.send({ type: 'periodEnded', period, to: this.#asked, endedAtUs: monotonicUs() - setup.epochUs });
    this.#lastStarts = this.#engine?.counts() ?? NO_STARTS;
    this.#lastStartsByScenario = this.#engine?.countsByScenario() ?? [];
    this.#engine = undefined;
  }
}
