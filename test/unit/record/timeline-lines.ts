import { bucketIndexOf } from '../../../runtime/core/buckets.ts';
import type { SeriesDelta } from '../../../runtime/core/delta.ts';
import type { Period, Tags } from '../../../runtime/core/records.ts';
import type { Second } from '../../../runtime/record/second.ts';
import { secondsOf, type ToldLine } from '../../support/told-seconds.ts';

/** A second with answers of these times (µs) to one request, each with its failures beside them. */
export interface SecondOfAnswers {
  readonly timesUs?: readonly number[];
  readonly failures?: number;
  readonly period?: Period;
  readonly tags?: Tags;
}

/** What the ledger makes of lines of a journal, a second apart. */
export function linesOf(seconds: readonly (SecondOfAnswers & Partial<ToldLine>)[]): Second[] {
  const ids = new Map<string, number>();
  const lines = seconds.map(({ timesUs = [], failures = 0, period = 'measured', tags = {}, ...line }, i) => {
    const delta = (metric: string, values: object): SeriesDelta => {
      const type = metric === 'http_req_failed' ? 'rate' : 'trend';
      const identity = {
        metric,
        type,
        unit: type === 'trend' ? 'time' : 'default',
        period,
        tags: { task: 't', method: 'GET', name: '/', ...(type === 'trend' ? { expected_response: 'true' } : {}), ...tags },
      } as const;
      const key = JSON.stringify(identity);
      const known = ids.get(key);
      if (known === undefined) ids.set(key, ids.size);
      return { id: known ?? ids.size - 1, ...(known === undefined ? { series: identity } : {}), ...values } as unknown as SeriesDelta;
    };
    const times = {
      type: 'trend',
      count: timesUs.length,
      sum: timesUs.reduce((sum, us) => sum + us, 0),
      min: timesUs.length === 0 ? 0 : Math.min(...timesUs),
      max: timesUs.length === 0 ? 0 : Math.max(...timesUs),
      clamped: 0,
      refused: 0,
      buckets: timesUs.flatMap((us) => [bucketIndexOf(us), 1]),
    };
    const deltas = [
      delta('http_req_failed', { type: 'rate', count: timesUs.length + failures, passes: failures }),
      ...(timesUs.length === 0 ? [] : [delta('http_req_response_time', times), delta('http_req_duration', times)]),
    ];
    return { atMs: 1_000_000 + 1000 * (i + 1), users: 3, deltas, ...line };
  });
  return secondsOf(lines);
}
