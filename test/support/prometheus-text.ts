import type { EveryView } from './every-view.ts';

/** What was written of the periods that count, by name and labels. */
export function countedIn(written: EveryView['written']) {
  const labelled = (name: string, more: Record<string, string | undefined> = {}) =>
    written.filter(
      ({ labels }) =>
        labels['__name__'] === `stressrun_${name}` &&
        ['measured', 'drain'].includes(labels['period'] ?? '') &&
        Object.entries(more).every(([label, value]) => (labels[label] ?? '') === value),
    );
  const sum = (name: string, more: Record<string, string | undefined> = {}): number =>
    labelled(name, more).reduce((all, { value }) => all + value, 0);
  return { labelled, sum };
}

/** Tells a series by its labels, whatever their order. */
export const labelsKey = (labels: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));

/** A line of Prometheus' text format. */
export function pointOf(line: string): [string, number] {
  const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
  const all = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, label = '', text = '']) => [label, text]);
  return [labelsKey({ ...Object.fromEntries(all), __name__: name }), Number(value)];
}
