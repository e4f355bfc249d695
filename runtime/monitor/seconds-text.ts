import type { GeneratorSecond } from '../core/records.ts';

const SECOND_US = 1_000_000;
/** Stretches that are listed; the rest is counted. */
const STRETCHES_MAX = 5;

/** Seconds of a run for people: `12–15 s, 40 s`. @param seconds - 0-based, each once, in any order */
export function secondsText(seconds: readonly number[]): string {
  const stretches: { from: number; to: number }[] = [];
  for (const second of [...seconds].sort((a, b) => a - b)) {
    const last = stretches.at(-1);
    if (last !== undefined && second === last.to + 1) last.to = second;
    else stretches.push({ from: second, to: second });
  }
  const listed = stretches.slice(0, STRETCHES_MAX).map(({ from, to }) => (from === to ? `${from} s` : `${from}–${to} s`));
  const more = stretches.length - listed.length;
  return more === 0 ? listed.join(', ') : `${listed.join(', ')} and ${more} more`;
}

/** The seconds that a report is about: a worker that stood still for eight seconds, or never had a turn in them, reports them as one. */
export function secondsOf({ second, spanS = 1, loopLagMaxUs }: GeneratorSecond): number[] {
  const count = Math.max(spanS, Math.floor(loopLagMaxUs / SECOND_US));
  return Array.from({ length: count }, (_, i) => second + i);
}
