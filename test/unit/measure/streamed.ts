import type { StreamEnd, StreamPlan } from '../../../runtime/core/stream-plan.ts';
import type { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { StreamMeter } from '../../../runtime/measure/stream-meter.ts';
import type { Failure } from '../../../runtime/net/error-codes.ts';
import { HeaderBuffers } from '../../../runtime/net/response-headers.ts';
import { StreamReading } from '../../../runtime/stream/stream-reading.ts';

/** One stream as it came: moments in ms since the run's zero. */
export interface Streamed {
  readonly plan?: Partial<StreamPlan>;
  readonly name?: string;
  readonly dueMs: number;
  readonly sentMs: number;
  /** What each read brought; events of one read have its moment. */
  readonly reads: readonly (readonly [atMs: number, text: string])[];
  readonly kind?: StreamEnd['kind'];
  readonly endedMs: number;
  readonly own?: StreamEnd['own'];
}

const us = (ms: number): number => ms * 1_000;

/** Reads and records a stream as a worker does, on times that are given. @returns its figures and what its script reads */
export function stream(registry: MetricRegistry, of: Streamed) {
  const { plan, name = '/chat', dueMs, sentMs, reads, kind = 'response', endedMs } = of;
  const tags = { scenario: 'default', task: 'ask', phase: '', group: '', name, method: 'POST', status: '200' };
  const meter = new StreamMeter(registry, { tags, periodOf: () => 'measured', unseenUs: () => 0 });
  const reading = new StreamReading({ as: 'sse', ...plan }, { add: () => {}, remove: () => {} } as never, {
    onBegin: () => {},
    onEvent: (atUs, gaps) => meter.event(atUs, gaps),
    onWaiting: () => {},
  });
  const [askedAtUs, readyAtUs] = [us(dueMs), us(sentMs)];
  let failure: Failure | undefined;
  const fail = (why: Failure): void => {
    failure ??= why;
  };
  reading.begin({ askedAtUs, abort: () => {}, fail, hangUp: () => {} }, 'http://a');
  const headers = new HeaderBuffers([Buffer.from('content-type'), Buffer.from('text/event-stream')]);
  const firstByteAtUs = us(reads[0]?.[0] ?? endedMs);
  reading.onHead({ status: 200, headers, askedAtUs, readyAtUs, firstByteAtUs, readAtUs: firstByteAtUs });
  for (const [atMs, text] of reads) reading.onBytes(Buffer.from(text), 0, Buffer.byteLength(text), us(atMs));
  const { rows } = reading.waiting.take({ sentAtUs: readyAtUs, dueAtUs: us(dueMs) });
  failure ??= reading.finish(kind === 'response');
  const isExpected = kind === 'response' && failure === undefined;
  const end: StreamEnd = { kind: failure?.kind ?? kind, isExpected, dueAtUs: us(dueMs), endedAtUs: us(endedMs), own: of.own };
  const figures = reading.figures(end);
  meter.end(figures, end);
  return { figures, failure, rows, text: reading.text };
}

export const sse = (...data: readonly string[]): string => data.map((each) => `data: ${each}\n\n`).join('');
