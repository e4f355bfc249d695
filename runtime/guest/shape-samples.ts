import { durationUsOf } from '../core/units.ts';

/** Longest shape without a duration, in seconds, and most samples; it is asked every second, and closer where it is short. */
const SHAPE_SECONDS_MAX = 86_400;
const FINE_SECONDS_MAX = 600;
const FINE_MS = 100;
const COARSE_MS = 1000;

/** A shape function as data: value i is that at i × `everyMs`. */
interface ShapeSamples {
  samples: number[];
  everyMs: number;
}

/** What `shape` of a script's options may be. */
type Shape = (seconds: number) => unknown;

/** `options` as JSON, in which every function `shape` has become its samples. */
export function optionsAsData(options: unknown): unknown {
  const json = JSON.stringify(options, function (this: { duration?: unknown }, key: string, value: unknown): unknown {
    return key === 'shape' && typeof value === 'function' ? samplesOf(value as Shape, this.duration) : value;
  });
  return json === undefined ? undefined : JSON.parse(json);
}

/**
 * Asks a shape for its levels until it gives no number or the duration beside it is over: it lasts until that moment. One that is shorter than
 * ten minutes is asked ten times a second.
 * @throws RangeError when it neither ends nor has a duration beside it
 */
function samplesOf(shape: Shape, duration: unknown): ShapeSamples {
  const endS = secondsOf(duration);
  const coarseMs = COARSE_MS * Math.ceil(Math.max(1, (endS ?? 0) / SHAPE_SECONDS_MAX));
  const coarse = sampled(shape, coarseMs, endS ?? SHAPE_SECONDS_MAX + 1);
  if (endS === undefined && coarse.length > SHAPE_SECONDS_MAX + 1)
    throw new RangeError('options: shape never ends: expected undefined where it does, or a duration beside it');
  if (coarse.length > FINE_SECONDS_MAX) return { samples: coarse, everyMs: coarseMs };
  return { samples: sampled(shape, FINE_MS, endS ?? coarse.length), everyMs: FINE_MS };
}

function sampled(shape: Shape, everyMs: number, endS: number): number[] {
  const samples: number[] = [];
  for (let i = 0; ; i++) {
    const level = shape((i * everyMs) / 1000);
    if (typeof level !== 'number' || !Number.isFinite(level)) return [...samples, ...samples.slice(-1)]; // the last level holds until here
    samples.push(level);
    if (i * everyMs >= endS * 1000) return samples;
  }
}

/** @returns seconds of k6's duration; undefined when there is none, or it will be refused later */
function secondsOf(duration: unknown): number | undefined {
  const us = typeof duration === 'number' ? duration * 1000 : typeof duration === 'string' ? durationUsOf(duration) : undefined;
  return us === undefined || !(us > 0) ? undefined : us / 1_000_000;
}
