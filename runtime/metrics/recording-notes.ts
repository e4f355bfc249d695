import type { MetricDefinition } from '../core/records.ts';
import type { MetricStore } from './store.ts';

/** What was left out of a metric or bent to fit it, one line for people per metric; recording itself never complains. */
export function recordingNotes(store: MetricStore): string[] {
  return store.metrics().flatMap((metric) => {
    const { refused, clamped } = oddValues(store, metric);
    return [
      ...(refused === 0 ? [] : [`${metric.name}: ${counted(refused)} left out, because NaN and Infinity are no numbers to count`]),
      ...(clamped === 0 ? [] : [`${metric.name}: ${counted(clamped)} beyond what percentiles can show, and counted at the edge`]),
    ];
  });
}

function oddValues(store: MetricStore, { name, type }: MetricDefinition): { refused: number; clamped: number } {
  if (type === 'trend') {
    const trend = store.trend(name);
    return { refused: trend?.refused ?? 0, clamped: trend?.clamped ?? 0 };
  }
  const refused = type === 'counter' ? store.counter(name)?.refused : type === 'gauge' ? store.gauge(name)?.refused : 0;
  return { refused: refused ?? 0, clamped: 0 };
}

function counted(values: number): string {
  return values === 1 ? '1 value was' : `${values} values were`;
}
