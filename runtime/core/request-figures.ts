import type { RequestDetail } from './request-detail.ts';
import type { Latency, RequestRow } from './run-json.ts';

/** What a row shows as its times: those of expected answers, and where all failed, theirs. */
export function timesOf({ responseTimeMs, allResponseTimeMs }: Pick<RequestRow, 'responseTimeMs' | 'allResponseTimeMs'>): Latency | null {
  return responseTimeMs ?? allResponseTimeMs ?? null;
}

/** Of the answers of a row, on average, their bodies, decoded; where only a file of an older version tells, all that came. Undefined without answers. */
export function averageBytesOf(
  { count }: Pick<RequestRow, 'count'>,
  detail: Pick<RequestDetail, 'bodyBytes' | 'bytesReceived'> | undefined,
): number | undefined {
  return detail === undefined || count === 0 ? undefined : (detail.bodyBytes ?? detail.bytesReceived) / count;
}

/** Failed requests a second: as large a share of the rate as of the requests. */
export function failedPerSecondOf({ count, failed, perSecond }: Pick<RequestRow, 'count' | 'failed' | 'perSecond'>): number {
  return count === 0 ? 0 : (perSecond * failed) / count;
}

/** The rows whose server said something of its parts; the one over all (the last) only where it is over more than one. */
export function serverRows<Detail extends Pick<RequestDetail, 'serverMs'>>(details: readonly Detail[]): Detail[] {
  const speaking = details.filter(({ serverMs }) => serverMs.length > 0);
  return speaking.length === 2 ? speaking.slice(0, 1) : speaking;
}
