import { type LoopSource, OwnTime } from '../../../runtime/measure/own-time.ts';

/** An event loop that does as it is told; all in µs. */
class FakeLoop implements LoopSource {
  now = 1_000_000;
  idle = 0;
  queued: number | undefined = 0;
  #lap: () => void = () => undefined;

  nowUs = () => this.now;
  idleUs = () => this.idle;
  ran: number | undefined = 0;
  queuedUs = () => this.queued;
  ranUs = () => this.ran;
  eachLap(callback: () => void): void {
    this.#lap = callback;
  }

  /** Waits for an event, of which `queuedUs` for a processor once it is there. */
  sleep(us: number, queuedUs = 0): void {
    this.now += us;
    this.idle += us;
    if (this.queued !== undefined) this.queued += queuedUs;
  }

  work(us: number): void {
    this.now += us;
    if (this.ran !== undefined) this.ran += us;
  }

  /** In the middle of its work, without a processor. */
  wait(us: number): void {
    this.now += us;
  }

  endLap(): void {
    this.#lap();
  }
}

/** The own time of such a loop, and the moment that both begin at. */
export function loopWithOwnTime() {
  const loop = new FakeLoop();
  return { loop, own: new OwnTime(loop), from: loop.now };
}
