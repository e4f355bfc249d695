/** A row of requests in depth. Times of expected answers, in ms; where all failed, of those. */
export interface RequestDetail {
  task: string;
  method: string;
  name: string;
  /** Response time by percentile, such as `99.9%`; empty without answers. */
  percentilesMs: Record<string, number>;
  /** HdrHistograms of µs, format V2, compressed, base64. Null without answers. */
  responseTimeHdr: string | null;
  durationHdr: string | null;
  /** Of a baseline, in place of the histograms: value, count, value, count …, in µs, each value the highest of its bucket. */
  responseTimeUs?: number[];
  bytesReceived: number;
  bytesSent: number;
  /** Bodies alone, decoded. Absent in files of older versions. */
  bodyBytes?: number;
  /** Where the time of the hops went; null when there was none. */
  phasesMs: Record<RequestPhase, PhaseTime> | null;
  /** What the server said of its parts. */
  serverMs: ({ part: string; count: number } & PhaseTime)[];
}

export type RequestPhase = 'blocked' | 'connecting' | 'tls' | 'sending' | 'waiting' | 'receiving';

export interface PhaseTime {
  avg: number;
  p95: number;
  max: number;
}
