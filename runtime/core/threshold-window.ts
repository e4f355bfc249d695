import type { ThresholdWindow } from './plan.ts';
import type { MetricType } from './records.ts';
import { durationUsOf } from './units.ts';

const SECOND_US = 1_000_000;
/** Longest stretch that a threshold may be taken over: its seconds are kept while it slides. */
const STRETCH_US_MAX = 3600 * SECOND_US;
const SUFFIX = /\s(?:for\s+(?<stretch>[^\s].*)|in\s+(?<share>[^\s].*?)\s+of\s+(?:(?:the|all)\s+)?seconds)\s*$/;
const SHARE = /^(?:(?<percent>\d+(?:\.\d+)?)\s*%|(?<ratio>0?\.\d+|1(?:\.0+)?))$/;

/** What stands behind the limit of a threshold: `for 10s`, `in 99% of seconds`. Texts of `window` say what is wrong with it. */
export interface WindowedText {
  /** The expression without it. */
  readonly expression: string;
  readonly window: ThresholdWindow | string | undefined;
}

/** Takes the window off an expression. */
export function splitWindow(text: string): WindowedText {
  const found = SUFFIX.exec(text);
  if (found?.groups === undefined) return { expression: text, window: undefined };
  const { stretch, share } = found.groups;
  const window = stretch === undefined ? shareWindowOf(share ?? '') : stretchWindowOf(stretch);
  return { expression: text.slice(0, found.index), window };
}

/** `10s`. @returns what is wrong, as text, when it is no stretch of seconds */
export function stretchWindowOf(text: string): ThresholdWindow | string {
  const durationUs = durationUsOf(text);
  if (durationUs === undefined || durationUs < SECOND_US || durationUs > STRETCH_US_MAX || durationUs % SECOND_US !== 0)
    return `expected whole seconds from 1s to 1h after "for", such as "for 10s"; got ${JSON.stringify(text.trim())}`;
  return { kind: 'for', durationUs };
}

/** `99%`, or `0.99`. @returns what is wrong, as text, when it is no share */
export function shareWindowOf(text: string): ThresholdWindow | string {
  const { percent, ratio } = SHARE.exec(text.trim())?.groups ?? {};
  const value = percent === undefined ? Number(ratio ?? Number.NaN) : Number((Number(percent) / 100).toPrecision(15));
  if (!(value > 0 && value <= 1))
    return `expected a share above 0% and up to 100%, such as "in 99% of seconds"; got ${JSON.stringify(text.trim())}`;
  return { kind: 'share', ratio: value };
}

/** Why this type of metric has no windows; undefined when it has. */
export function windowProblem(type: MetricType): string | undefined {
  return type === 'gauge' ? 'a gauge has only its last value: expected no "for …" and no "in … of seconds"' : undefined;
}
