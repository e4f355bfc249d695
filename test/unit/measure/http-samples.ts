import type { HttpHop, HttpOutcome, HttpSample } from '../../../runtime/core/records.ts';

/** A hop of 1 ms sending, 20 ms waiting, 3 ms receiving on a connection that was there, unless told otherwise. */
export function hopOf(changes: Partial<HttpHop> = {}): HttpHop {
  return {
    method: 'POST',
    url: 'http://target/predict',
    status: 200,
    errorCode: 0,
    blockedUs: 10,
    connectingUs: 0,
    tlsUs: 0,
    sendingUs: 1000,
    waitingUs: 20_000,
    receivingUs: 3000,
    bytesSent: 500,
    bytesReceived: 2000,
    ...changes,
  };
}

interface SampleChanges extends Partial<Omit<HttpSample, 'outcome'>> {
  outcome?: Partial<HttpOutcome>;
  /** From the due time to the end. */
  tookUs?: number;
}

/** An expected answer that took 25 ms from its due time, unless told otherwise. */
export function sampleOf({ outcome = {}, tookUs = 25_000, ...changes }: SampleChanges = {}): HttpSample {
  return {
    scenario: 'default',
    task: 'predict',
    phase: '',
    group: '',
    name: '/predict',
    method: 'POST',
    tags: undefined,
    period: 'measured',
    expected: true,
    dueAtUs: 1_000_000,
    ...changes,
    outcome: {
      kind: 'response',
      status: 200,
      errorCode: 0,
      error: '',
      url: 'http://target/predict',
      protocol: 'HTTP/1.1',
      headers: [],
      body: undefined,
      hops: [hopOf()],
      endedAtUs: (changes.dueAtUs ?? 1_000_000) + tookUs,
      ...outcome,
    },
  };
}

/** A request that nobody answered: status 0. */
export function cutOffSampleOf(kind: 'timeout' | 'interrupted', tookUs: number, changes: SampleChanges = {}): HttpSample {
  const errorCode = kind === 'timeout' ? 1050 : 0;
  const outcome = { kind, status: 0, errorCode, hops: [hopOf({ status: 0, errorCode, waitingUs: tookUs, receivingUs: 0 })] };
  return sampleOf({ expected: false, tookUs, ...changes, outcome: { ...outcome, ...changes.outcome } });
}
