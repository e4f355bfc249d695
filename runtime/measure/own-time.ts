import { CATCH_UP_MIN_US, CatchUp } from './catch-up.ts';
import { TimeLog } from './time-log.ts';

/** Where an event loop's time went, as its system tells it. */
export interface LoopSource {
  /** Any monotonic clock, µs. */
  nowUs(): number;
  /** How long the loop has waited for events so far, µs; the wait for a processor after the event is in it. */
  idleUs(): number;
  /** How long the thread has waited for a processor so far though it could have run, µs; undefined where nobody tells. */
  queuedUs(): number | undefined;
  /** How long the thread has run on a processor so far, µs; undefined where nobody tells. */
  ranUs(): number | undefined;
  /** Calls back once in every lap of the loop, after its events, without keeping it awake. */
  eachLap(callback: () => void): void;
}

/** Shorter waits of the loop for events are taken as they are: asking for the wait for a processor costs 4 µs. */
const ASKED_IDLE_US = 1_000;
/** A loop that waited so long was not kept from events that were there before. */
const WAITED_US = 100;
/** Timers come so much late by themselves. */
const TIMER_GRAIN_US = 2_000;
/** What the lag of timers says of waits for a processor, where the system does not, holds for so long. */
const LAG_HOLDS_US = 1_000_000;

/**
 * The time in which a worker could not attend to its events: it ran code, waited for a processor, was stopped, throttled or paged out. What is left is
 * time in which it waited for the target, whatever a sample says. Looked at once in each lap of the event loop, and when a sample asks.
 */
export class OwnTime {
  /** When the load was not as planned for a stall of this worker, or for one of another that it was told of. */
  readonly catchUp = new CatchUp();
  /** Requests in flight now; set by whoever has them. */
  inFlight: () => number = () => 0;
  /** Told of a stall of {@link CATCH_UP_MIN_US} or more when it is over, and how long it was. */
  onStall: (us: number) => void = () => undefined;
  readonly #source: LoopSource;
  readonly #log = new TimeLog();
  /** As of the end of the last lap. */
  #lapUs: number;
  #lapIdleUs: number;
  #lapQueuedUs: number | undefined;
  #ownUs = 0;
  #lastLapOwnUs = 0;
  /** When the next timer is due that the loop must wake for; infinite: none is known. */
  #tickUs = Number.POSITIVE_INFINITY;
  #lateUs = 0;
  #lateAtUs = Number.NEGATIVE_INFINITY;
  /** Of the wait that was last asked about. */
  #askedIdleUs = -1;
  #askedWaitUs = 0;
  #askedQueuedUs: number | undefined;
  /** Of this lap's idle time what a timer has shown to be none: something held the loop. */
  #heldInLapUs = 0;
  /** As of the last timer that was set. */
  #ranUs: number | undefined;
  #ranUsMax: number | undefined;

  constructor(source: LoopSource) {
    this.#source = source;
    this.#lapUs = source.nowUs();
    this.#lapIdleUs = source.idleUs();
    this.#lapQueuedUs = source.queuedUs();
    this.#log.add(this.#lapUs, 0);
    source.eachLap(() => this.#endLap());
  }

  /** All of it so far, µs. */
  get totalUs(): number {
    return this.#ownUs + this.#ownInLapUs(this.#source.nowUs());
  }

  /** The longest since it was last asked that the thread ran between two timers of {@link expect}: waits for a processor are not in it. Undefined: not known. */
  takeRanUsMax(): number | undefined {
    const us = this.#ranUsMax;
    this.#ranUsMax = undefined;
    return us;
  }

  /** A timer is set: a loop that is still asleep after this moment is not asleep, but held. */
  expect(atUs: number): void {
    const nowUs = this.#source.nowUs();
    const ranUs = this.#source.ranUs();
    if (ranUs !== undefined && this.#ranUs !== undefined) this.#ranUsMax = Math.max(this.#ranUsMax ?? 0, ranUs - this.#ranUs);
    this.#ranUs = ranUs;
    if (nowUs > this.#tickUs) {
      // the timer may come before the lap ends: a nap between two looks at the sockets was held, say
      if (nowUs > this.#tickUs + TIMER_GRAIN_US && this.#waitInLapUs() === 0) this.#heldInLapUs = this.#idleInLapUs();
      const lateUs = nowUs - this.#tickUs;
      if (lateUs >= this.#lateUs || nowUs - this.#lateAtUs > LAG_HOLDS_US) [this.#lateUs, this.#lateAtUs] = [lateUs, nowUs];
    }
    this.#tickUs = atUs;
  }

  /** The most of it that fell between two moments, neither in the future; at most the time between them. */
  betweenUs(fromUs: number, toUs: number): number {
    if (toUs <= fromUs) return 0;
    const nowUs = this.#source.nowUs();
    const inLapUs = toUs < this.#lapUs ? 0 : this.#ownInLapUs(nowUs);
    const to = toUs < this.#lapUs ? this.#log.atMostUs(toUs) : this.#ownUs + Math.min(inLapUs, toUs - this.#lapUs);
    const from = fromUs < this.#lapUs ? this.#log.atLeastUs(fromUs) : this.#ownUs + Math.max(0, inLapUs - (nowUs - fromUs));
    return Math.min(Math.max(to - from, 0), toUs - fromUs);
  }

  /** As {@link betweenUs}; of an open model all of it, where the target may have been asked for more than was planned. */
  spoiltUs(fromUs: number, toUs: number, isOpenModel: boolean): number {
    return isOpenModel && this.catchUp.meets(fromUs) ? Math.max(0, toUs - fromUs) : this.betweenUs(fromUs, toUs);
  }

  /**
   * How long what came in by a moment can have lain there before: it was not there when the loop last looked, at the latest in the lap before.
   * @param us - not in the future
   */
  unseenUs(us: number): number {
    if (us >= this.#lapUs) {
      const nowUs = this.#source.nowUs();
      const waitUs = this.#waitInLapUs();
      const inLapUs = Math.max(0, nowUs - this.#lapUs - waitUs);
      return waitUs > WAITED_US ? inLapUs : inLapUs + this.#lastLapOwnUs;
    }
    const fromUs = this.#log.momentBeforeUs(us, 2);
    return fromUs === undefined ? Number.POSITIVE_INFINITY : this.betweenUs(fromUs, us);
  }

  #endLap(): void {
    const nowUs = this.#source.nowUs();
    const ownUs = this.#ownInLapUs(nowUs);
    this.#ownUs += ownUs;
    this.#lastLapOwnUs = ownUs;
    if (this.#askedIdleUs >= 0) this.#lapQueuedUs = this.#askedQueuedUs; // what came since counts twice at most: never too little
    this.#askedIdleUs = -1;
    this.#lapUs = nowUs;
    this.#lapIdleUs = this.#source.idleUs();
    this.#heldInLapUs = 0;
    this.#log.add(nowUs, this.#ownUs);
    if (ownUs >= CATCH_UP_MIN_US) {
      this.catchUp.stalled(nowUs, ownUs);
      this.onStall(ownUs);
    }
    this.catchUp.lap(nowUs, this.inFlight());
  }

  #ownInLapUs(nowUs: number): number {
    return Math.max(0, nowUs - this.#lapUs - this.#waitInLapUs());
  }

  #idleInLapUs(): number {
    return this.#source.idleUs() - this.#lapIdleUs;
  }

  /** What of this lap the loop waited for events that were not there. */
  #waitInLapUs(): number {
    const idleUs = this.#idleInLapUs() - this.#heldInLapUs;
    if (idleUs < ASKED_IDLE_US) return idleUs;
    if (idleUs === this.#askedIdleUs) return this.#askedWaitUs;
    this.#askedIdleUs = idleUs;
    const waitUs = Math.max(0, idleUs - this.#queuedInLapUs());
    // asleep beyond its own timer: something held it, and nobody knows from when
    const isHeld = waitUs > Math.max(0, this.#tickUs - this.#lapUs) + TIMER_GRAIN_US;
    this.#askedWaitUs = isHeld ? 0 : waitUs;
    return this.#askedWaitUs;
  }

  #queuedInLapUs(): number {
    const queuedUs = this.#source.queuedUs();
    this.#askedQueuedUs = queuedUs;
    if (queuedUs !== undefined && this.#lapQueuedUs !== undefined) return queuedUs - this.#lapQueuedUs;
    const isRecent = this.#source.nowUs() - this.#lateAtUs <= LAG_HOLDS_US;
    return isRecent && this.#lateUs > TIMER_GRAIN_US ? this.#lateUs : 0; // what a timer waited, an event may have waited as well
  }
}
