/** What a threshold's `expression` says, such as `http_req_failed{task:a}: rate<=1%`; metric and tags stand before its last colon and space. */
export interface Asked {
  /** Without its tags. */
  readonly metric: string;
  /** Whether more of it is better. */
  readonly isFloor: boolean;
}

/** Reads the text that results, reports and pages carry; the plan behind it is not there any more. */
export function askedBy(expression: string): Asked {
  const end = expression.lastIndexOf(': ');
  const [metric = ''] = expression.slice(0, Math.max(0, end)).split('{');
  return { metric, isFloor: expression.slice(end + 1).includes('>') };
}
