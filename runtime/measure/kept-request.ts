import type { HttpHop, HttpOutcome, KeptRequest, OwnShare, Period, Tags } from '../core/records.ts';
import type { Redactor } from '../core/redactor.ts';
import { oneLine } from '../net/error-codes.ts';
import type { MeasuredVu, SentRequest } from './measured-vu.ts';

const URL_MAX = 500;
const ERROR_MAX = 500;
const ID_MAX = 200;

/** A request that has ended, with what only its desk knows. */
export interface EndedRequest {
  readonly built: SentRequest;
  readonly group: string;
  /** `vu.tags` when it was asked for; absent: none. */
  readonly tags?: Tags | undefined;
  readonly method: string;
  readonly outcome: HttpOutcome;
  readonly dueAtUs: number;
  readonly isExpected: boolean;
  /** The script said that the answer is wrong, and why; empty: it gave no reason. Absent: it did not. */
  readonly refusal?: string;
  /** Which part of the run it ended in, where it was not recorded at once. */
  readonly period?: Period;
  /** Requests of this worker in flight when it ended, itself included. */
  readonly inFlight: number;
  /** Undefined: its worker was there all the time. */
  readonly own?: OwnShare | undefined;
}

/** The record of a request that is worth a look. @param error - one line; empty when there is none */
export function keptRequestOf(
  vu: MeasuredVu,
  ended: EndedRequest,
  about: { why: KeptRequest['why']; scenario: string; kind: string; error: string; redactor: Redactor },
): KeptRequest {
  const { built, method, outcome, dueAtUs, inFlight } = ended;
  const { redactor } = about;
  const hop = outcome.hops[outcome.hops.length - 1] as HttpHop;
  return {
    why: about.why,
    scenario: about.scenario,
    task: vu.task,
    phase: vu.shapePhase,
    name: built.name,
    method,
    url: redactor.cut(pathOf(outcome.url), URL_MAX),
    status: outcome.status,
    errorCode: outcome.errorCode,
    kind: about.kind,
    error: redactor.cut(oneLine(about.error), ERROR_MAX),
    atMs: Date.now(),
    responseTimeUs: Math.max(0, outcome.endedAtUs - dueAtUs),
    phasesUs: {
      blocked: hop.blockedUs,
      connecting: hop.connectingUs,
      tls: hop.tlsUs,
      sending: hop.sendingUs,
      waiting: hop.waitingUs,
      receiving: hop.receivingUs,
    },
    serverTimings: [...(outcome.serverTimings ?? [])],
    requestId: redactor.cut(requestIdOf(built.request.headers, outcome), ID_MAX),
    picture: redactor.cut(built.picture, ID_MAX),
    inFlight,
    vu: vu.index,
    iteration: vu.iteration,
  };
}

/** The server's name for it, else the trace id that was sent: the script's own, or ours. */
function requestIdOf(sent: readonly string[], outcome: HttpOutcome): string {
  const given = headerValue(outcome.headers, 'x-request-id');
  if (given !== undefined && given !== '') return oneLine(given);
  const [, trace] = /^[\da-f]{2}-([\da-f]{32})-/.exec(headerValue(sent, 'traceparent') ?? '') ?? [];
  return trace ?? outcome.traceId ?? '';
}

/** @param flat - name, value, name, value … @param name - in lower case */
function headerValue(flat: readonly string[], name: string): string | undefined {
  for (let i = 0; i + 1 < flat.length; i += 2) if ((flat[i] as string).toLowerCase() === name) return flat[i + 1];
  return undefined;
}

function pathOf(url: string): string {
  const path = /^[a-z][a-z\d+.-]*:\/\/[^/?#]*(.*)$/i.exec(url)?.[1] ?? url;
  return path === '' ? '/' : path;
}
