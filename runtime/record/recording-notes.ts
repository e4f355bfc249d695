import { JUDGED_PERIODS } from '../core/plan.ts';
import type { MetricDefinition } from '../core/records.ts';
import { HTTP } from '../core/roles.ts';
import { OTHER_REQUESTS } from '../core/rows.ts';
import type { MetricStore } from './store.ts';

/** What was left out of a metric or bent to fit it, one line for people per metric; recording itself never complains. */
export function recordingNotes(store: MetricStore): string[] {
  const folded = store.foldedPaths;
  const paths =
    folded === undefined
      ? []
      : [
          `${folded.count === 1 ? '1 path shares' : `${folded.count} paths share`} the row "${OTHER_REQUESTS}", such as ${folded.example}: http.url\`/items/\${id}\` gives all that differ in a value one name, and so does the option name`,
        ];
  return [...paths, ...oddNotes(store)];
}

function oddNotes(store: MetricStore): string[] {
  return store.metrics().flatMap((metric) => {
    const { type } = metric;
    const { refused, clamped } = oddValues(store, metric);
    return [
      ...(refused === 0
        ? []
        : [
            `${metric.name}: ${counted(refused)} left out, being ${type === 'rate' ? 'neither true, false nor a number' : 'no finite number (such as text, null, NaN)'}`,
          ]),
      ...(clamped === 0 ? [] : [`${metric.name}: ${counted(clamped)} beyond what percentiles can show, and counted at the edge`]),
    ];
  });
}

/** That the target may have seen more requests than are counted, when it has; as of the periods that are judged. */
export function repeatNotes(store: MetricStore): string[] {
  const repeats = store.counter(HTTP.repeats, { periods: JUDGED_PERIODS })?.sum ?? 0;
  if (repeats === 0) return [];
  const [requests, were] = repeats === 1 ? ['1 request', 'was'] : [`${repeats} requests`, 'were'];
  return [
    `${HTTP.repeats}: ${requests} ${were} sent once more on a new connection, because the server had closed the kept one: it may have seen ${repeats} more than are counted (a keep-alive timeout of the server longer than its users' pauses avoids it)`,
  ];
}

function oddValues(store: MetricStore, { name, type }: MetricDefinition): { refused: number; clamped: number } {
  if (type === 'trend') {
    const trend = store.trend(name);
    return { refused: trend?.refused ?? 0, clamped: trend?.clamped ?? 0 };
  }
  const refused =
    type === 'counter' ? store.counter(name)?.refused : type === 'gauge' ? store.gauge(name)?.refused : store.rate(name)?.refused;
  return { refused: refused ?? 0, clamped: 0 };
}

function counted(values: number): string {
  return values === 1 ? '1 value was' : `${values} values were`;
}
