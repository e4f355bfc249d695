import { setTimeout as pause } from 'node:timers/promises';
import { monotonicUs } from '../core/clock.ts';
import { ClusterError } from '../core/errors.ts';
import { Link, type LinkListener } from './link.ts';
import { type ClockReading, PeerClock } from './peer-clock.ts';
import type { Wire } from './wire.ts';
import { bytesOf, type Hello, LEASE_MS, PING_INTERVAL_MS, pongSchema, SUBJECT, type ToAgent, wordsOf } from './words.ts';

/** Asked before the run, so that the quickest of them knows the clock well. */
const CLOCK_ANSWERS = 12;
/** A start that is off by more than that is no start at one time; latencies are of one clock each and are not touched by it. */
export const CLOCK_ERROR_US_MAX = 25_000;

/** What a run tells of an agent. */
export interface AgentFacts {
  /** Such as `agent 2`. */
  readonly name: string;
  readonly host: string;
  readonly cores: number;
  readonly workers: readonly number[];
  /** By how much its clock may be off from the coordinator's, as it was when the run began, and what it had drifted to at the end; µs. */
  readonly clockErrorUs: number;
  readonly clockDriftUs: number;
  /** How long before the measured load was due its order was there, of the last of its workers, µs; undefined: there was none. */
  readonly leadUs: number | undefined;
  /** Why it was lost; undefined: it was there to the end. */
  readonly lost: string | undefined;
}

/** A hired agent, as the coordinator sees it. */
export class AgentPeer {
  readonly hello: Hello;
  readonly name: string;
  readonly workers: number[] = [];
  readonly #wire: Wire;
  readonly #run: string;
  readonly #clock = new PeerClock();
  #link: Link | undefined;
  #unheard: () => void = () => undefined;
  #said = 0;
  #heard = 0;
  /** Until then it may go on by what it heard, monotonic µs. */
  #untilUs = monotonicUs() + LEASE_MS * 1_000;
  #begun: ClockReading | undefined;
  leadUs: number | undefined;
  lost: ClusterError | undefined;
  #isOver = false;

  constructor(wire: Wire, { run, hello, name }: { run: string; hello: Hello; name: string }) {
    this.#wire = wire;
    this.#run = run;
    this.hello = hello;
    this.name = name;
  }

  /** Reads its clock, and keeps reading it. @throws {ClusterError} when it does not fit, or the agent is gone */
  async meet(): Promise<void> {
    for (let tries = 0; this.#clock.count < CLOCK_ANSWERS && tries < CLOCK_ANSWERS * 4; tries++) await this.#ping();
    if (this.#clock.count === 0) throw new ClusterError(`${this.name} did not answer when it was asked for its clock`);
    const { errorUs } = this.#clock.best;
    if (errorUs > CLOCK_ERROR_US_MAX)
      throw new ClusterError(
        `its clock cannot be read well enough: expected at most ${CLOCK_ERROR_US_MAX / 1_000} ms of uncertainty; got ${(errorUs / 1_000).toFixed(1)} ms`,
        { hint: 'the way to the NATS server and back takes too long, or the machine is overloaded' },
      );
    void this.#watch();
  }

  /** Its clock as it is read now. */
  get clock(): ClockReading {
    return this.#clock.best;
  }

  /** From now on what is said goes to whoever listens. */
  open(listener: LinkListener): void {
    const link = this.#linkTo(listener);
    this.#link = link;
    this.#begun = this.#clock.best;
    this.#unheard = this.#wire.subscribe(SUBJECT.up(this.#run, this.hello.agent), (piece) => link.take(piece));
    if (this.lost !== undefined) link.break(this.lost);
  }

  #linkTo(listener: LinkListener): Link {
    return new Link(this.name, (piece) => this.#wire.publish(SUBJECT.down(this.#run, this.hello.agent), piece), listener);
  }

  say(message: ToAgent): void {
    this.#link?.say(message);
  }

  sayBytes(worker: number, parts: readonly Buffer[]): void {
    this.#link?.sayBytes(worker, parts);
  }

  /** It is gone: nothing is heard of it any more, and it ends its workers by itself at the latest when its lease does. */
  lose(error: ClusterError): void {
    if (this.#isOver) return;
    this.lost = error;
    this.#isOver = true;
    this.#unheard();
    if (this.#link === undefined) return;
    this.#link.break(error);
  }

  /** The run is over. */
  dismiss(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const link = this.#link ?? this.#linkTo({ control: () => undefined, bytes: () => undefined, broken: () => undefined });
    link.say({ type: 'end' });
    link.end();
    this.#unheard();
  }

  facts(): AgentFacts {
    const { host, cores } = this.hello;
    const [begun, now] = [this.#begun ?? this.#clock.best, this.#clock.best];
    return {
      name: this.name,
      host,
      cores,
      workers: this.workers,
      clockErrorUs: begun.errorUs,
      clockDriftUs: Math.abs(now.aheadUs - begun.aheadUs),
      leadUs: this.leadUs,
      lost: this.lost?.message,
    };
  }

  async #watch(): Promise<void> {
    while (!this.#isOver) {
      await pause(PING_INTERVAL_MS, undefined, { ref: false });
      if (this.#isOver) return;
      const answer = await this.#ping();
      if (answer === 'nobody') return this.lose(new ClusterError(`${this.name} was lost: it is no longer connected to the NATS server`));
      if (monotonicUs() > this.#untilUs)
        return this.lose(new ClusterError(`${this.name} was lost: nothing was heard of it for ${LEASE_MS / 1_000} s`));
    }
  }

  /** @returns what came of it */
  async #ping(): Promise<'answered' | 'nobody' | 'late'> {
    const number = ++this.#said;
    const askedAtUs = monotonicUs();
    const question = bytesOf({ run: this.#run, number, heard: this.#heard });
    const answer = await this.#wire.ask(SUBJECT.ping(this.hello.agent), question, LEASE_MS / 2);
    const answeredAtUs = monotonicUs();
    if (!Buffer.isBuffer(answer)) return answer;
    const pong = wordsOf(pongSchema, answer);
    if (pong?.number !== number) return 'late';
    this.#clock.take({ askedAtUs, answeredAtUs, theirsUs: pong.nowUs });
    this.#heard = number;
    this.#untilUs = answeredAtUs + LEASE_MS * 1_000;
    return 'answered';
  }
}
