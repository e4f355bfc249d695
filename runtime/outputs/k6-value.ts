import type { MetricUnit } from '../core/records.ts';

/** A value as k6 writes it: times in ms. */
export function k6ValueOf(value: number, unit: MetricUnit): number {
  return unit === 'time' ? value / 1_000 : value;
}
