import { formatClock, formatDay } from '../format.ts';

interface NamedRun {
  readonly id: string;
  readonly entry: { readonly startedMs: number };
}

/**
 * What runs that stand beside each other are called: when they began, to the minute; those of one minute to the second, those of one second
 * by the end of their id (or as the baseline that one is) as well.
 */
export function runNames(runs: readonly NamedRun[]): string[] {
  const minutes = runs.map(({ entry }) => formatDay(entry.startedMs));
  const seconds = toldApart(minutes, (at, minute) => `${minute.split(' ')[0]} ${formatClock(runs[at]?.entry.startedMs ?? 0)}`);
  return toldApart(seconds, (at, second) => `${second} ${ownPartOf(runs[at]?.id ?? '')}`);
}

/** Names with more said of those that come more than once. */
function toldApart(names: readonly string[], more: (at: number, name: string) => string): string[] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return names.map((name, at) => ((counts.get(name) ?? 0) > 1 ? more(at, name) : name));
}

/** The two random bytes of a run's id; `baseline main`. */
function ownPartOf(id: string): string {
  const [kind, name] = id.split(':');
  return name === undefined ? (id.split('-').at(-1) ?? id) : `${kind} ${name}`;
}
