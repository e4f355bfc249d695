import type { Bus, BusListener } from '../cluster/bus.ts';
import { MessageGate } from '../cluster/message-gate.ts';
import { readFromWorker } from '../cluster/message-schema.ts';
import { ClusterError, type ScriptError } from '../core/errors.ts';
import { FrameReader } from '../messages/frames.ts';
import { decodeFromWorker, encodeToWorker, FROM_WORKER_LIMITS } from '../messages/message-codec.ts';
import type { Sent } from '../messages/messages.ts';
import { Numbering } from '../messages/sequence.ts';
import type { AgentPeer } from './agent-peer.ts';
import type { ParcelStore } from './parcels.ts';
import type { ClockReading } from './peer-clock.ts';
import { errorOf, fromAgentSchema, readWords } from './words.ts';

interface Seat {
  /** What it is called, from 0: its number, or that of the worker whose place it took. */
  readonly called: number;
  readonly peer: AgentPeer;
  readonly reader: FrameReader;
  readonly gate: MessageGate;
  readonly said: Numbering;
}

/** Workers of agents on any machine. What they say is believed no more than what workers of this machine say: an agent may be anybody who has the token. */
export class NatsBus implements Bus {
  readonly #listener: BusListener;
  readonly #peers: readonly AgentPeer[];
  readonly #parcels: ParcelStore;
  readonly #seats: (Seat | undefined)[] = [];
  /** By what it is called: the agent that it is with. */
  readonly #homes = new Map<number, AgentPeer>();

  constructor({ peers, parcels }: { peers: readonly AgentPeer[]; parcels: ParcelStore }, listener: BusListener) {
    this.#peers = peers;
    this.#parcels = parcels;
    this.#listener = listener;
    for (const peer of peers)
      peer.open({
        control: (message) => this.#told(peer, message),
        bytes: (worker, bytes) => this.#hear(peer, worker, bytes),
        broken: (error) => this.#loseAll(peer, error),
      });
  }

  get workers(): number[] {
    return this.#seats.flatMap((seat, index) => (seat === undefined ? [] : [index]));
  }

  add(called = this.#seats.length): number {
    const index = this.#seats.length;
    const peer = this.#homeOf(called);
    if (peer === undefined) {
      this.#seats.push(undefined);
      setImmediate(() => this.#listener.onLost(index, new ClusterError(`worker ${called + 1} could not be started: no agent is left`)));
      return index;
    }
    this.#homes.set(called, peer);
    peer.workers.push(index);
    this.#seats.push({
      called,
      peer,
      reader: new FrameReader(FROM_WORKER_LIMITS),
      gate: new MessageGate(performance.now()),
      said: new Numbering(),
    });
    peer.say({ type: 'add', worker: index, called });
    return index;
  }

  canReplace(called: number): boolean {
    const home = this.#homes.get(called);
    return home === undefined || home.lost === undefined;
  }

  clockOf(worker: number): ClockReading {
    return this.#seats[worker]?.peer.clock ?? { aheadUs: 0, errorUs: 0 };
  }

  send(worker: number, message: Sent): void {
    const seat = this.#seats[worker];
    if (seat === undefined) return;
    seat.peer.sayBytes(worker, encodeToWorker(this.#parcels.lift(message), seat.said.next(message)));
  }

  broadcast(message: Sent): void {
    for (const worker of this.workers) this.send(worker, message);
  }

  end(worker: number): void {
    this.#seats[worker]?.peer.say({ type: 'end', worker });
    this.#seats[worker] = undefined;
  }

  /** There is no place that all could read: each agent has one, and puts there what it fetched. */
  share(): undefined {
    return undefined;
  }

  close(): void {
    this.#seats.fill(undefined);
    for (const peer of this.#peers) peer.dismiss();
  }

  /** Where it was, else whoever has most cores free. @returns undefined when no agent is left */
  #homeOf(called: number): AgentPeer | undefined {
    const home = this.#homes.get(called);
    if (home !== undefined && home.lost === undefined) return home;
    const left = this.#peers.filter(({ lost }) => lost === undefined);
    const loadOf = (peer: AgentPeer): number => (this.#countOf(peer) + 1) / peer.hello.cores;
    return left.reduce<AgentPeer | undefined>((best, peer) => (best === undefined || loadOf(peer) < loadOf(best) ? peer : best), undefined);
  }

  #countOf(peer: AgentPeer): number {
    return this.#seats.filter((seat) => seat?.peer === peer).length;
  }

  #told(peer: AgentPeer, said: unknown): void {
    const message = readWords(fromAgentSchema, said, peer.name);
    if (message.type === 'leaves') return peer.lose(new ClusterError(`${peer.name} left: ${message.reason}`));
    if (message.type === 'lead') {
      peer.leadUs = Math.min(peer.leadUs ?? message.us, message.us);
      return;
    }
    if (this.#seatOf(peer, message.worker) !== undefined) this.#lose(message.worker, errorOf(message.error));
  }

  #hear(peer: AgentPeer, worker: number, bytes: Buffer): void {
    const seat = this.#seatOf(peer, worker);
    if (seat === undefined) return;
    try {
      for (const frame of seat.reader.push(bytes)) {
        if (this.#seats[worker] === undefined) return; // ended by what was heard before
        seat.gate.pass(frame.head.length + frame.tail.length, performance.now());
        const message = readFromWorker(decodeFromWorker(frame));
        if (message.type === 'beat' || message.type === 'refused')
          throw new ClusterError(`${peer.name} passed on what is its own to judge: ${message.type}`);
        this.#listener.onMessage(worker, message, frame.sequence);
      }
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      this.end(worker);
      this.#listener.onLost(worker, error);
    }
  }

  /** Undefined: it is lost, or another agent's. */
  #seatOf(peer: AgentPeer, worker: number): Seat | undefined {
    const seat = this.#seats[worker];
    return seat?.peer === peer ? seat : undefined;
  }

  #loseAll(peer: AgentPeer, error: ClusterError): void {
    peer.lose(error);
    for (const worker of this.workers) {
      const seat = this.#seatOf(peer, worker);
      if (seat !== undefined) this.#lose(worker, new ClusterError(error.message, error.hint === undefined ? {} : { hint: error.hint }));
    }
  }

  #lose(worker: number, error: ScriptError | ClusterError): void {
    if (this.#seats[worker] === undefined) return;
    this.#seats[worker] = undefined;
    this.#listener.onLost(worker, error);
  }
}
