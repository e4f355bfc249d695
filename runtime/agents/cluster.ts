import type { OpenBus } from '../cluster/bus.ts';
import { ClusterError, ConfigError, EXIT } from '../core/errors.ts';
import type { AgentFacts, AgentPeer } from './agent-peer.ts';
import { type Broker, startBroker } from './broker.ts';
import { type LocalAgents, startLocalAgents } from './local-agents.ts';
import { NatsBus } from './nats-bus.ts';
import { ParcelStore } from './parcels.ts';
import { callAgents } from './roll-call.ts';
import { brokerUrl, connectWire, shownUrl, type Wire } from './wire.ts';
import { SUBJECT, wantSchema, wordsOf } from './words.ts';

const AGENTS_MAX = 256;
const PATIENCE_MS = 60_000;
/** Of a part of a parcel; a broker takes twice as much. */
const PART_BYTES = 512 << 10;

/** Which agents a run wants, as typed. */
export interface AgentWish {
  /** `--agents`. */
  readonly count?: string;
  /** `--nats`; absent: a NATS server and agents of our own, on this machine. */
  readonly url?: string;
  readonly token?: string;
}

/** Hired agents, for one run. */
export interface Cluster {
  readonly openBus: OpenBus;
  /** Of all agents. */
  readonly cores: number;
  readonly count: number;
  /** Whether all agents are on this machine. */
  readonly isLocal: boolean;
  agents(): AgentFacts[];
  close(): Promise<void>;
}

export interface ClusterSurroundings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Of this machine. */
  readonly coreCount: number;
  onStep(step: string): void;
  onNote(text: string): void;
  isStopped(): boolean;
  /** How long agents are waited for; default a minute. */
  readonly patienceMs?: number;
}

/** @throws {ConfigError} */
function countOf({ count, url }: AgentWish): number {
  const number = Number(count ?? Number.NaN);
  if (Number.isInteger(number) && number >= 1 && number <= AGENTS_MAX && /^\d+$/.test(count ?? '')) return number;
  const got = count === undefined ? 'none' : JSON.stringify(count);
  throw new ConfigError('--agents', `expected a number of agents from 1 to ${AGENTS_MAX}; got ${got}`, {
    ...(url !== undefined && count === undefined ? { hint: 'with --nats a run has to know how many agents it waits for' } : {}),
  });
}

/**
 * Finds or starts a NATS server, and hires agents.
 * @returns undefined when it was stopped meanwhile
 * @throws {ConfigError} for a wish that is none, or nothing to fulfil it with; {ClusterError} when there are too few agents
 */
export async function openCluster(wish: AgentWish, around: ClusterSurroundings): Promise<Cluster | undefined> {
  const count = countOf(wish);
  const { variables, coreCount, onStep } = around;
  const held: { broker?: Broker; locals?: LocalAgents; wire?: Wire } = {};
  const close = async (): Promise<void> => {
    await held.wire?.close();
    held.locals?.close();
    held.broker?.close();
  };
  try {
    let where: { url: string; token?: string; flag: string };
    if (wish.url === undefined) {
      onStep('starting nats-server');
      const broker = await startBroker({ variables, host: '127.0.0.1', port: 0 }, '--agents');
      held.broker = broker;
      const url = `nats://127.0.0.1:${broker.port}`;
      const cores = Math.max(1, Math.floor(coreCount / count));
      held.locals = startLocalAgents(count, { url, token: broker.tokens.agent, cores, variables });
      where = { url, token: broker.tokens.coordinator, flag: '--agents' };
    } else {
      where = { url: wish.url, flag: '--nats', ...(wish.token === undefined ? {} : { token: wish.token }) };
      warnOfPlainText(wish.url, around);
    }
    held.wire = await connectWire({ role: 'coordinator', ...where });
    const found = await hiredFrom(held.wire, { count, around, locals: held.locals });
    if (found === undefined) {
      await close();
      return undefined;
    }
    return clusterOf(held.wire, { ...found, isLocal: wish.url === undefined, close });
  } catch (error) {
    await close();
    throw error;
  }
}

async function hiredFrom(
  wire: Wire,
  { count, around, locals }: { count: number; around: ClusterSurroundings; locals: LocalAgents | undefined },
): Promise<{ run: string; peers: AgentPeer[] } | undefined> {
  const { onStep, onNote, isStopped, patienceMs = PATIENCE_MS } = around;
  const said = (there: number): void => onStep(`waiting for agents: ${there} of ${count}`);
  said(0);
  return callAgents(wire, {
    count,
    patienceMs,
    onThere: said,
    onRefused: onNote,
    isStopped() {
      const words = locals?.words();
      if (words !== undefined) throw new ClusterError(`an agent of this machine did not start: ${words}`, { exitCode: EXIT.inconclusive });
      return isStopped();
    },
  });
}

function clusterOf(
  wire: Wire,
  { run, peers, isLocal, close }: { run: string; peers: AgentPeer[]; isLocal: boolean; close: () => Promise<void> },
): Cluster {
  const parcels = new ParcelStore();
  wire.subscribe(SUBJECT.parcel(run), (bytes, answer) => {
    const want = wordsOf(wantSchema, bytes);
    answer((want === undefined ? undefined : parcels.part(want.sha256, want.at, PART_BYTES)) ?? Buffer.alloc(0));
  });
  void wire.ended.then((reason) => {
    if (reason === undefined) return;
    for (const peer of peers) peer.lose(new ClusterError(`${peer.name} was lost: the connection to the NATS server ended (${reason})`));
  });
  return {
    openBus: (listener) => new NatsBus({ peers, parcels }, listener),
    cores: peers.reduce((sum, { hello }) => sum + hello.cores, 0),
    count: peers.length,
    isLocal,
    agents: () => peers.map((peer) => peer.facts()),
    close,
  };
}

/** Scripts, data and variables of scripts go over it. */
function warnOfPlainText(text: string, { onNote }: ClusterSurroundings): void {
  const url = brokerUrl(text, '--nats');
  if (url.protocol === 'tls:' || ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname)) return;
  onNote(`${shownUrl(url)} is not encrypted: the script, its data and its secrets can be read by whoever sees that network; tls:// is`);
}
