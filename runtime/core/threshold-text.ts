/** What a threshold's `expression` says, such as `checks{task:a}: rate>99%`; metric and tags stand before its last colon and space. */
export interface Asked {
  /** Without its tags. */
  readonly metric: string;
  /** `checks{task:a}`. */
  readonly subject: string;
  /** `rate<=1%`. */
  readonly condition: string;
  /** Whether more of it is better. */
  readonly isFloor: boolean;
  /** Whether it asks for one value, `==` or `!=`: then there is no nearer and no farther. */
  readonly isExact: boolean;
}

/** Reads the text that results, reports and pages carry; the plan behind it is not there any more. */
export function askedBy(expression: string): Asked {
  const end = expression.lastIndexOf(': ');
  const subject = expression.slice(0, Math.max(0, end));
  const [metric = ''] = subject.split('{');
  const condition = end < 0 ? expression : expression.slice(end + 2);
  return { metric, subject, condition, isFloor: condition.includes('>'), isExact: /[=!]=/.test(condition) && !/[<>]/.test(condition) };
}

/** How far a value is from its limit as a share of the limit, below 0 on the wrong side; undefined where that means nothing. */
export function marginOf(
  { actual, limit }: { readonly actual: number; readonly limit: number },
  { isFloor, isExact }: Pick<Asked, 'isFloor' | 'isExact'>,
): number | undefined {
  if (isExact || limit === 0) return undefined;
  return (isFloor ? actual - limit : limit - actual) / Math.abs(limit);
}

/** Where the limit stands on the bar of a threshold, 0 to 1: a miss has room to show. */
export const LIMIT_SHARE = 0.7;

/** How much of its bar a threshold's value fills, 0 to 1; undefined where a bar means nothing. */
export function barShareOf({ actual, limit }: { actual?: number; limit: number }): number | undefined {
  if (actual === undefined || limit <= 0 || !Number.isFinite(actual)) return undefined;
  return Math.min(1, Math.max(0.01, (actual / limit) * LIMIT_SHARE));
}
