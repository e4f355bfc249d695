import { INLINE_BODY_BYTES, RESPONSE, TO_GUEST } from '../core/mailbox.ts';
import type { HttpHop, HttpOutcome } from '../core/records.ts';
import { textOfAnswer } from '../net/answer-text.ts';

/** What the guest is told of an answer at once: its numbers, and the text of a small body. */
export function answerRecord(
  operation: number,
  handle: number,
  { outcome, isExpected, isHeld, isStream = false }: { outcome: HttpOutcome; isExpected: boolean; isHeld: boolean; isStream?: boolean },
): string {
  const { body } = outcome;
  const discardedBytes = body === undefined && outcome.kind === 'response' ? (outcome.bodyBytes ?? 0) : 0;
  const bodyBytes = body === undefined ? discardedBytes : body.length;
  const isInline = body === undefined || bodyBytes <= INLINE_BODY_BYTES;
  const text = isInline ? textOfAnswer(outcome) : '';
  const flags =
    (isExpected ? RESPONSE.isExpected : 0) |
    (isInline ? RESPONSE.isInline : 0) |
    (isHeld ? RESPONSE.isHeld : 0) |
    (isStream ? RESPONSE.isStream : 0) |
    (discardedBytes === 0 ? 0 : RESPONSE.isDiscarded);
  return `${TO_GUEST.response},${operation},${outcome.status},${outcome.errorCode},${handle},${bodyBytes},${flags},${text.length}:${text}`;
}

/** What the guest asks for when a script looks at more than that, as JSON. */
export function metaOf({ url, protocol, error, headers, hops, serverTimings: serverTimingsOf = [] }: HttpOutcome): string {
  const { blockedUs, connectingUs, tlsUs, sendingUs, waitingUs, receivingUs } = hops[hops.length - 1] as HttpHop;
  const phasesUs = [blockedUs, connectingUs, tlsUs, sendingUs, waitingUs, receivingUs];
  const serverTimings = serverTimingsOf.map(({ part, us }) => [part, us]);
  return JSON.stringify({ url, protocol, error, headers, phasesUs, serverTimings });
}
