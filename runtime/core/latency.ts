/** Of a time, in milliseconds. */
export interface Latency {
  min: number;
  avg: number;
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  max: number;
}
