import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { OpenBus } from '../cluster/bus.ts';
import { monotonicUs } from '../core/clock.ts';
import { ClusterError } from '../core/errors.ts';
import { PACKAGE } from '../core/package-files.ts';
import { HiredRun } from './hired-run.ts';
import { brokerUrl, connectWire, shownUrl, type Wire } from './wire.ts';
import { AGENT_CORES_MAX, AGENT_PROTOCOL, bytesOf, callSchema, hireSchema, pingSchema, refusalSchema, SUBJECT, wordsOf } from './words.ts';

export { AGENT_CORES_MAX };

const AGAIN_MS = 1_000;

export interface AgentOptions {
  readonly url: string;
  readonly token?: string;
  /** How many workers it is good for, at least 1. */
  readonly cores: number;
  /** It leaves after a run, and when there is no broker any more; else it waits for the next one. */
  readonly isOneRun: boolean;
  readonly openBus: OpenBus;
  note(text: string): void;
  /** Resolves when it is to leave. */
  readonly stopped: Promise<string>;
}

/** Lends this machine's processors to runs elsewhere, one after the other, until it is stopped. @throws {ConfigError} when the broker does not let it in */
export async function liveAsAgent(options: AgentOptions): Promise<void> {
  const { url, token, note, isOneRun } = options;
  const shown = shownUrl(brokerUrl(url, '--join'));
  const stopped = options.stopped.then(() => 'stopped' as const);
  for (let isSaid = false; ; ) {
    let wire: Wire;
    try {
      wire = await connectWire({ url, role: 'agent', flag: '--join', ...(token === undefined ? {} : { token }) });
    } catch (error) {
      if (isOneRun || !(error instanceof ClusterError)) throw error;
      if (!isSaid) note(`${error.message}; trying again every second`);
      isSaid = true;
      if ((await Promise.race([pause(AGAIN_MS), stopped])) === 'stopped') return;
      continue;
    }
    isSaid = false;
    note(`joined ${shown} with ${options.cores} ${options.cores === 1 ? 'worker' : 'workers'}; waiting for a run`);
    const service = new AgentService(wire, options);
    const how = await Promise.race([wire.ended.then(() => 'cut off' as const), service.finished, stopped]);
    service.close(how === 'cut off' ? 'the connection to the NATS server ended' : 'it was stopped');
    await wire.close();
    if (how !== 'cut off' || isOneRun) return;
    note(`the connection to ${shown} ended; trying again every second`);
  }
}

/** An agent while it has a connection. */
class AgentService {
  readonly #agent = randomBytes(8).toString('hex');
  readonly #wire: Wire;
  readonly #options: AgentOptions;
  #hired: { readonly run: string; readonly part: HiredRun } | undefined;
  /** Runs that have said why they do not want this agent. */
  readonly #refusals = new Set<string>();
  #finish: (how: 'finished') => void = () => undefined;
  readonly finished = new Promise<'finished'>((resolve) => {
    this.#finish = resolve;
  });

  constructor(wire: Wire, options: AgentOptions) {
    this.#wire = wire;
    this.#options = options;
    wire.subscribe(SUBJECT.call, (bytes) => this.#called(bytes));
    wire.subscribe(SUBJECT.hire(this.#agent), (bytes, answer) => answer(bytesOf({ isFree: this.#isHired(bytes) })));
    wire.subscribe(SUBJECT.ping(this.#agent), (bytes, answer) => this.#pinged(bytes, answer));
    wire.subscribe(SUBJECT.refuse(this.#agent), (bytes) => {
      const refusal = wordsOf(refusalSchema, bytes);
      if (refusal === undefined || this.#refusals.has(refusal.reason)) return;
      this.#refusals.add(refusal.reason);
      options.note(`refused by a run: ${refusal.reason}`);
    });
  }

  close(reason: string): void {
    this.#hired?.part.leave(reason);
  }

  #called(bytes: Buffer): void {
    const call = wordsOf(callSchema, bytes);
    if (call === undefined || this.#hired !== undefined) return;
    const { cores } = this.#options;
    const host =
      hostname()
        .replaceAll(/[^\w.:-]/g, '-')
        .slice(0, 64) || 'unnamed';
    const hello = { agent: this.#agent, host, pid: process.pid, cores, protocol: AGENT_PROTOCOL, version: PACKAGE.version };
    this.#wire.publish(SUBJECT.hello(call.run), bytesOf(hello));
  }

  /** The first that asks has it. */
  #isHired(bytes: Buffer): boolean {
    const order = wordsOf(hireSchema, bytes);
    if (order === undefined || this.#hired !== undefined) return false;
    const { run, name } = order;
    const { openBus, note, isOneRun } = this.#options;
    note(`a run begins: this is ${name}`);
    const onEnd = (problem: string | undefined): void => {
      this.#hired = undefined;
      note(problem === undefined ? 'the run is over' : `the workers were ended: ${problem}`);
      if (isOneRun) this.#finish('finished');
    };
    this.#hired = { run, part: new HiredRun({ wire: this.#wire, agent: this.#agent, run, openBus, onEnd }) };
    return true;
  }

  #pinged(bytes: Buffer, answer: (bytes: Uint8Array) => void): void {
    const ping = wordsOf(pingSchema, bytes);
    if (ping === undefined || ping.run !== this.#hired?.run) return;
    answer(bytesOf({ number: ping.number, nowUs: monotonicUs() }));
    this.#hired.part.pinged(ping.number, ping.heard);
  }
}
