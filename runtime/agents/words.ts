import { z } from 'zod';
import { ClusterError, EXIT, ScriptError } from '../core/errors.ts';
import { jsonOf } from './link.ts';

/** What coordinators and agents say to each other beside the messages of workers. Every agent and every coordinator is a stranger until it has passed here. */

/** Of what is said here; another one is refused. */
export const AGENT_PROTOCOL = 1;
/** An agent that hears nothing for so long ends its workers by itself, and is lost to the coordinator not before. */
export const LEASE_MS = 5_000;
/** How often a coordinator asks each agent for its clock. */
export const PING_INTERVAL_MS = 500;
const TEXT_MAX = 64_000;
export const AGENT_CORES_MAX = 1_024;

const id = z.string().regex(/^[0-9a-f]{16}$/);
const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const worker = z.number().int().min(0).max(65_535);
/** Names are shown in terminals and reports. */
const name = z.string().regex(/^[\w.:-]{1,64}$/);

/** Of a coordinator that looks for agents. */
export const callSchema = z.object({ run: id, protocol: count, version: z.string().max(64) });

/** Of an agent that is free. */
export const helloSchema = z.object({
  agent: id,
  host: name,
  pid: count,
  cores: z.number().int().min(1).max(AGENT_CORES_MAX),
  protocol: count,
  version: z.string().max(64),
});
export type Hello = z.infer<typeof helloSchema>;

export const hireSchema = z.object({ run: id, name: z.string().regex(/^agent \d{1,4}$/) });
export const hiredSchema = z.object({ isFree: z.boolean() });
export const refusalSchema = z.object({ reason: z.string().max(1_000) });

/** `heard`: the highest number whose answer was heard, which is how long the agent may go on. */
export const pingSchema = z.object({ run: id, number: count, heard: count });
export const pongSchema = z.object({ number: count, nowUs: count });

const errorSchema = z.object({
  isScript: z.boolean(),
  message: z.string().max(TEXT_MAX),
  hint: z.string().max(TEXT_MAX).optional(),
  exitCode: z.number().int().min(0).max(255),
});

export const toAgentSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('add'), worker, called: worker }),
  /** One worker is to be ended, or without a number all: the run is over. */
  z.object({ type: z.literal('end'), worker: worker.optional() }),
]);
export type ToAgent = z.infer<typeof toAgentSchema>;

export const fromAgentSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('lost'), worker, error: errorSchema }),
  /** How long before the measured load was due its order reached a worker's machine, µs; negative: too late. */
  z.object({ type: z.literal('lead'), us: z.number().int() }),
  z.object({ type: z.literal('leaves'), reason: z.string().max(1_000) }),
]);
export type FromAgent = z.infer<typeof fromAgentSchema>;

export const wantSchema = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), at: count });

export const SUBJECT = {
  call: 'stressrun.call',
  hello: (run: string) => `stressrun.hello.${run}`,
  hire: (agent: string) => `stressrun.hire.${agent}`,
  refuse: (agent: string) => `stressrun.refuse.${agent}`,
  ping: (agent: string) => `stressrun.ping.${agent}`,
  down: (run: string, agent: string) => `stressrun.down.${run}.${agent}`,
  up: (run: string, agent: string) => `stressrun.up.${run}.${agent}`,
  parcel: (run: string) => `stressrun.parcel.${run}`,
} as const;

export function bytesOf(message: object): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** @throws {ClusterError} when it is not what was expected */
export function readWords<Schema extends z.ZodType>(schema: Schema, value: unknown, peer: string): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw new ClusterError(`${peer} sent a message that is none: ${`${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.slice(0, 200)}`);
}

/** @returns undefined when the bytes are not what was expected: they are from somebody else */
export function wordsOf<Schema extends z.ZodType>(schema: Schema, bytes: Buffer): z.infer<Schema> | undefined {
  try {
    return readWords(schema, jsonOf(bytes, ''), '');
  } catch (error) {
    if (error instanceof ClusterError) return undefined;
    throw error;
  }
}

export function errorWords(error: ScriptError | ClusterError): z.infer<typeof errorSchema> {
  const { exitCode, hint } = error;
  return {
    isScript: error instanceof ScriptError,
    message: error.message.slice(0, TEXT_MAX),
    exitCode,
    ...(hint === undefined ? {} : { hint }),
  };
}

/** What an agent says that a worker was lost of; an exit code that no run has is that of lost work. */
export function errorOf({ isScript, message, hint, exitCode }: z.infer<typeof errorSchema>): ScriptError | ClusterError {
  const options = {
    exitCode: (Object.values(EXIT) as number[]).includes(exitCode) ? exitCode : EXIT.degraded,
    ...(hint === undefined ? {} : { hint }),
  };
  return isScript ? new ScriptError(message, options) : new ClusterError(message, options);
}
