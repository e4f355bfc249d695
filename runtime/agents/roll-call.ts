import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ClusterError, EXIT, StressrunError } from '../core/errors.ts';
import { PACKAGE } from '../core/package-files.ts';
import { AgentPeer } from './agent-peer.ts';
import type { Wire } from './wire.ts';
import { AGENT_PROTOCOL, bytesOf, type Hello, helloSchema, hiredSchema, SUBJECT, wordsOf } from './words.ts';

const CALL_INTERVAL_MS = 100;
const HIRE_PATIENCE_MS = 5_000;

export interface RollCall {
  /** How many are needed. */
  readonly count: number;
  /** How long they are waited for. */
  readonly patienceMs: number;
  /** Told how many are there. */
  onThere(there: number): void;
  /** An agent that does not fit, and why. Once each. */
  onRefused(text: string): void;
  isStopped(): boolean;
}

/**
 * Calls until so many agents are hired that fit: of this version, and with a clock that can be read.
 * @returns undefined when it was stopped meanwhile
 * @throws {ClusterError} 111 when there are too few in time
 */
export async function callAgents(wire: Wire, call: RollCall): Promise<{ run: string; peers: AgentPeer[] } | undefined> {
  const run = randomBytes(8).toString('hex');
  const free = new Map<string, Hello>();
  const refused = new Map<string, string>();
  const peers: AgentPeer[] = [];
  const unheard = wire.subscribe(SUBJECT.hello(run), (bytes) => {
    const hello = wordsOf(helloSchema, bytes);
    if (hello !== undefined && !peers.some((peer) => peer.hello.agent === hello.agent)) free.set(hello.agent, hello);
  });
  const refuse = (hello: Hello, reason: string): void => {
    wire.publish(SUBJECT.refuse(hello.agent), bytesOf({ reason: reason.slice(0, 1_000) }));
    if (!refused.has(hello.agent)) call.onRefused(`an agent on ${hello.host} (pid ${hello.pid}) is refused: ${reason}`);
    refused.set(hello.agent, reason);
  };
  try {
    for (const endMs = performance.now() + call.patienceMs; peers.length < call.count; ) {
      if (call.isStopped()) return dismissed(peers);
      if (performance.now() > endMs) throw tooFew(call, peers.length, refused.size);
      wire.publish(SUBJECT.call, bytesOf({ run, protocol: AGENT_PROTOCOL, version: PACKAGE.version }));
      await pause(CALL_INTERVAL_MS);
      const hellos = [...free.values()].filter(({ agent }) => !refused.has(agent));
      free.clear();
      for (const hello of hellos) {
        if (peers.length >= call.count) break;
        const problem = unfitOf(hello);
        if (problem !== undefined) refuse(hello, problem);
        else await hire(wire, { run, hello, peers, refuse });
        call.onThere(peers.length);
      }
    }
    return { run, peers };
  } catch (error) {
    dismissed(peers);
    throw error;
  } finally {
    unheard();
  }
}

async function hire(
  wire: Wire,
  { run, hello, peers, refuse }: { run: string; hello: Hello; peers: AgentPeer[]; refuse: (hello: Hello, reason: string) => void },
): Promise<void> {
  const name = `agent ${peers.length + 1}`;
  const answer = await wire.ask(SUBJECT.hire(hello.agent), bytesOf({ run, name }), HIRE_PATIENCE_MS);
  if (!Buffer.isBuffer(answer) || wordsOf(hiredSchema, answer)?.isFree !== true) return; // gone, or another run's
  const peer = new AgentPeer(wire, { run, hello, name });
  try {
    await peer.meet();
    peers.push(peer);
  } catch (error) {
    if (!(error instanceof StressrunError)) throw error;
    peer.dismiss();
    refuse(hello, error.message);
  }
}

/** @returns why it cannot take part; undefined: it can */
function unfitOf({ protocol, version }: Hello): string | undefined {
  if (version !== PACKAGE.version) return `expected stressrun ${PACKAGE.version}; got ${JSON.stringify(version)}`;
  return protocol === AGENT_PROTOCOL ? undefined : `expected messages of version ${AGENT_PROTOCOL}; got ${protocol}`;
}

function dismissed(peers: readonly AgentPeer[]): undefined {
  for (const peer of peers) peer.dismiss();
  return undefined;
}

function tooFew({ count, patienceMs }: RollCall, there: number, refused: number): ClusterError {
  const others = refused === 0 ? '' : `; ${refused} that came did not fit`;
  return new ClusterError(`expected ${count} agents within ${patienceMs / 1_000} s; got ${there}${others}`, {
    exitCode: EXIT.inconclusive,
    hint: 'an agent is started with "stressrun agent --join URL --token TOKEN"',
  });
}
