import { formatClock, formatDay } from '../format.ts';

interface NamedRun {
  readonly id: string;
  readonly entry: { readonly startedMs: number };
}

/**
 * What runs that stand beside each other are called: when they began, to the minute; to the second, all of them, where two began in one
 * minute; those of one second by the end of their id (or as the baseline that one is) as well.
 */
export function runNames(runs: readonly NamedRun[]): string[] {
  const minutes = runs.map(({ entry }) => formatDay(entry.startedMs));
  if (new Set(minutes).size === minutes.length) return minutes;
  const seconds = runs.map(({ entry }, at) => `${minutes[at]?.split(' ')[0]} ${formatClock(entry.startedMs)}`);
  return seconds.map((name, at) =>
    seconds.filter((other) => other === name).length > 1 ? `${name} ${ownPartOf(runs[at]?.id ?? '')}` : name,
  );
}

/** The two random bytes of a run's id; `baseline main`. */
function ownPartOf(id: string): string {
  const [kind, name] = id.split(':');
  return name === undefined ? (id.split('-').at(-1) ?? id) : `${kind} ${name}`;
}
