import type { GeneratorSecond } from '../core/records.ts';
import { formatDurationUs } from '../core/units.ts';
import { secondsOf, secondsText } from './seconds-text.ts';

/** The limits that README and reports name. */
export const SATURATION = {
  /** Share of the measured seconds that may be saturated. */
  secondsRatio: 0.05,
  /** One bad second is an anecdote, however short the run. */
  saturatedSecondsMin: 2,
  loopLagP99Us: 20_000,
  cpu: 0.9,
  /** Share of a second's starts that may be late: a single pause of the garbage collector is not saturation. */
  lateRatio: 0.01,
  /** Fewer late starts than this in a second are an anecdote. */
  lateMin: 2,
  /** What 1 in 100 requests may wait in the generator after it was due. */
  sendLagP99Us: 20_000,
  /** What a connection may wait for others of its worker that are being set up. */
  connectQueueUs: 50_000,
  /** Of a second, in all and in one piece. */
  collectionUs: 100_000,
  collectionUsMax: 50_000,
  /** Of a second, without a processor though there was work. */
  starvedUs: 100_000,
  /** Code in one piece, on a processor. */
  ranUs: 50_000,
  /** Fewer measured seconds than this say nothing. */
  secondsMin: 3,
} as const;

/** What makes a second of a worker a bad one. */
export interface Cause {
  /** Fewer seconds of it are an anecdote; absent: none is. */
  readonly secondsMin?: number;
  isIn(second: GeneratorSecond): boolean;
  /** @param inSeconds such as `5 of 60 s (12–15 s, 40 s)` */
  /** @param who - had the processors meanwhile; empty: not known */
  describe(seconds: readonly GeneratorSecond[], inSeconds: string, who: string): string;
}

/** The generator has no socket to give: named even when it is rare, because those requests never reached the target. */
export const OUT_OF_SOCKETS: Cause = {
  isIn: ({ ownSocketErrors = 0 }) => ownSocketErrors > 0,
  describe: (seconds, inSeconds) =>
    `the generator ran out of sockets ${sumOf(seconds, (s) => s.ownSocketErrors ?? 0)} times in ${inSeconds}, and those requests never reached the target: ` +
    'raise ulimit -n (EMFILE), widen net.ipv4.ip_local_port_range (EADDRNOTAVAIL), keep connections alive, or use fewer users on this machine',
};

/** Whether what went wrong in a second was for want of a processor, not for what the worker did with one. */
function isStarved({ starvedUs = 0, cpu, loopLagP99Us, sendLagUsP99 = 0 }: GeneratorSecond): boolean {
  // longer than it was at work, or long enough to be all of what was late
  return starvedUs > SATURATION.starvedUs / 2 && starvedUs > Math.min(cpu * 1_000_000, Math.max(loopLagP99Us, sendLagUsP99));
}

/** A collection has a cause of its own. */
function ranUsOf({ ranUsMax = 0, gcUsMax = 0 }: GeneratorSecond): number {
  return Math.max(0, ranUsMax - gcUsMax);
}

/** Late for whatever reason. */
function isBehind({ loopLagP99Us, sendLagUsP99 = 0, lateStarts, begunStarts }: GeneratorSecond): boolean {
  return loopLagP99Us > SATURATION.loopLagP99Us || sendLagUsP99 > SATURATION.sendLagP99Us || isLate({ lateStarts, begunStarts });
}

function isLate({ lateStarts, begunStarts }: Pick<GeneratorSecond, 'lateStarts' | 'begunStarts'>): boolean {
  return lateStarts >= SATURATION.lateMin && lateStarts > begunStarts * SATURATION.lateRatio;
}

/** With the remedy of each. */
export const CAUSES: readonly Cause[] = [
  {
    isIn: (second) => (second.starvedUs ?? 0) > SATURATION.starvedUs || (isStarved(second) && isBehind(second)),
    describe: (seconds, inSeconds, who) =>
      `the workers had work and no processor, up to ${longest(seconds, (s) => s.starvedUs ?? 0)} at a time or in a second, in ${inSeconds}: ` +
      `${who === '' ? 'the machine was busy with something else, or they were stopped' : who}; free the machine, or take one with more cores`,
  },
  {
    // beside the want of a processor: with one it would be too long as well
    secondsMin: SATURATION.saturatedSecondsMin,
    isIn: (second) => isStarved(second) && isBehind(second) && ranUsOf(second) > SATURATION.ranUs,
    describe: (seconds, inSeconds) =>
      `code of the script ran up to ${longest(seconds, ranUsOf)} in one piece, whoever else used the machine, in ${inSeconds}: ` +
      'less work in the script between requests, such as parsing large bodies, or fewer users per worker (--workers)',
  },
  {
    isIn: (second) => second.loopLagP99Us > SATURATION.loopLagP99Us && !isStarved(second),
    describe: (seconds, inSeconds) =>
      `event-loop lag (p99) over ${formatDurationUs(SATURATION.loopLagP99Us)} in ${inSeconds}, stalls up to ${longest(seconds, (s) => s.loopLagMaxUs)}: ` +
      'fewer users per worker (--workers), or less work in the script between requests, such as parsing large bodies',
  },
  {
    isIn: (second) => second.cpu > SATURATION.cpu,
    describe: (seconds, inSeconds) =>
      `a worker's CPU over ${percent(SATURATION.cpu)} in ${inSeconds}, up to ${percent(maxOf(seconds, (s) => s.cpu))}: ` +
      'more workers on free cores (--workers), a machine with more cores, or fewer users',
  },
  {
    isIn: (second) => isLate(second) && !isStarved(second),
    describe: (seconds, inSeconds) =>
      `${sumOf(seconds, (s) => s.lateStarts)} iterations began over 10 ms late in ${inSeconds}: ` +
      'fewer users per worker, users spread over a longer time at the start and at jumps, or more workers (--workers)',
  },
  {
    isIn: (second) => (second.sendLagUsP99 ?? 0) > SATURATION.sendLagP99Us && !isStarved(second),
    describe: (seconds, inSeconds) =>
      `requests waited over ${formatDurationUs(SATURATION.sendLagP99Us)} (p99) in the generator before they were sent in ${inSeconds}, up to ${longest(seconds, (s) => s.sendLagUsP99 ?? 0)}: ` +
      'fewer users per worker (--workers), or less work in the script between an answer and the next request',
  },
  {
    // a collection that is kept from its processor takes longer, and is not the longer for what the script keeps
    isIn: ({ gcUs = 0, gcUsMax = 0, starvedUs = 0 }) =>
      gcUs - starvedUs > SATURATION.collectionUs || gcUsMax - starvedUs > SATURATION.collectionUsMax,
    describe: (seconds, inSeconds) =>
      `garbage collection took up to ${longest(seconds, (s) => s.gcUs ?? 0)} of a second, ${longest(seconds, (s) => s.gcUsMax ?? 0)} at a time, in ${inSeconds}: ` +
      'keep less in the script (large answers, arrays that grow), or more workers with fewer users each (--workers)',
  },
  {
    isIn: ({ connectQueueUsMax = 0, starvedUs = 0 }) => connectQueueUsMax - starvedUs > SATURATION.connectQueueUs,
    describe: (seconds, inSeconds) =>
      `connections waited up to ${longest(seconds, (s) => s.connectQueueUsMax ?? 0)} for others of the same worker to be set up in ${inSeconds}: ` +
      'users spread over a longer time at the start and at jumps, connections kept alive, or more workers (--workers)',
  },
  OUT_OF_SOCKETS,
];

/** `5 of 60 s (12–15 s, 40 s)` */
export function inSeconds(seconds: readonly GeneratorSecond[], measured: number): string {
  const distinct = [...new Set(seconds.flatMap(secondsOf))];
  return `${distinct.length} of ${measured} s (${secondsText(distinct)})`;
}

/** Without spreading: there may be more seconds than a call takes arguments. */
export function maxOf(seconds: readonly GeneratorSecond[], amountOf: (second: GeneratorSecond) => number): number {
  return seconds.reduce((max, second) => Math.max(max, amountOf(second)), 0);
}

function sumOf(seconds: readonly GeneratorSecond[], amountOf: (second: GeneratorSecond) => number): number {
  return seconds.reduce((sum, second) => sum + amountOf(second), 0);
}

function longest(seconds: readonly GeneratorSecond[], usOf: (second: GeneratorSecond) => number): string {
  return formatDurationUs(Math.round(maxOf(seconds, usOf)));
}

function percent(ratio: number): string {
  return `${Math.round(ratio * 100)}%`;
}
