import type { Asked } from '../../runtime/core/threshold-asked.ts';
import { askedIn } from '../../runtime/core/threshold-text.ts';

/** A threshold of a test with what its text asks, as every one has it that is read or judged. */
export function withAsked<const T extends { readonly expression: string; readonly limit: number }>(threshold: T): T & { asked: Asked } {
  return { ...threshold, asked: askedIn(threshold.expression, threshold.limit) };
}
