const LEVELS = '▁▂▃▄▅▆▇█';
const NO_DATA = ' ';

/** A value of one second. */
export interface Point {
  /** 0-based, since the run began. */
  readonly second: number;
  readonly value: number | undefined;
}

/**
 * Values over time, from 0 (lowest) to the largest. When the last `seconds` do not fit in `cells`, neighbours share a cell: always the same ones,
 * so that the line moves on and does not flicker. A blank is a second without a value.
 * @param options.join - what a cell says of the values it stands for
 */
export function sparkline(
  points: readonly Point[],
  options: { cells: number; seconds: number; join: (values: readonly number[]) => number },
): string {
  if (options.cells < 1) return '';
  const perCell = Math.ceil(options.seconds / options.cells);
  const groups = new Map<number, number[]>();
  for (const { second, value } of points) {
    const key = Math.floor(second / perCell);
    const group = groups.get(key) ?? [];
    if (value !== undefined) group.push(value);
    groups.set(key, group);
  }
  const values = [...groups.values()].slice(-options.cells).map((group) => (group.length === 0 ? undefined : options.join(group)));
  const top = values.reduce<number>((max, value) => Math.max(max, value ?? 0), 0);
  return values.map((value) => levelOf(value, top)).join('');
}

function levelOf(value: number | undefined, top: number): string {
  if (value === undefined) return NO_DATA;
  const level = top === 0 ? 0 : Math.ceil((value / top) * LEVELS.length) - 1;
  return LEVELS[Math.min(LEVELS.length - 1, Math.max(0, level))] as string;
}
