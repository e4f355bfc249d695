import { monotonicUs } from '../core/clock.ts';
import { LIMITS } from '../core/mailbox.ts';
import type { HttpHop, HttpOutcome } from '../core/records.ts';
import { withoutUserinfo } from '../core/url-text.ts';
import type { BuiltRequest } from './request-builder.ts';

const NO_PHASES = { blockedUs: 0, connectingUs: 0, tlsUs: 0, sendingUs: 0, waitingUs: 0, receivingUs: 0 };

/** A request that could not even be built, as one that failed. @param target - method, a space, URL, as the script wrote them */
export function refusedRequest(target: string, message: string): { built: BuiltRequest; outcome: HttpOutcome } {
  const [method = '', ...rest] = target.split(' ');
  const url = withoutUserinfo(rest.join(' '));
  const hop: HttpHop = { method, url, status: 0, errorCode: 1020, ...NO_PHASES, bytesSent: 0, bytesReceived: 0 };
  const outcome: HttpOutcome = {
    kind: 'bad-url',
    status: 0,
    errorCode: 1020,
    error: message,
    url,
    protocol: '',
    headers: [],
    body: undefined,
    hops: [hop],
    endedAtUs: monotonicUs(),
  };
  const request = { method, url, headers: [], body: undefined, timeoutUs: 0, redirectsMax: 0, keepsBody: false };
  const name = (url.split('?')[0] as string).slice(0, LIMITS.tagLength);
  return { built: { request, name, tags: undefined, isExpected: () => false, asksScript: false, toDraw: undefined, picture: '' }, outcome };
}
