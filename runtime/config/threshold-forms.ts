import { BUILT_IN_METRICS } from '../core/built-in-metrics.ts';
import { BugError, ConfigError } from '../core/errors.ts';
import type { ThresholdPlan } from '../core/plan.ts';
import { HTTP, STREAM } from '../core/roles.ts';
import { parseThresholdExpression } from '../core/threshold.ts';
import type { Expressions, ShortThreshold, ShortThresholdName } from './threshold-schema.ts';
import { delayUsOf } from './threshold-schema.ts';

interface ShortMeaning {
  readonly metric: string;
  /** Undefined: the same as its expression. */
  readonly special?: NonNullable<ThresholdPlan['special']>;
  /** What stands before the limit. */
  readonly comparison: string;
  /** What is judged, for people; undefined: the metric says it. */
  readonly label?: string;
}

/** The table of the short forms. `special` is where they mean more than their metric. */
const MEANING: Readonly<Record<ShortThresholdName, ShortMeaning>> = {
  max_p95: { metric: HTTP.responseTime, special: 'latency', comparison: 'p(95)<' },
  max_p99: { metric: HTTP.responseTime, special: 'latency', comparison: 'p(99)<' },
  max_failure_rate: { metric: HTTP.failed, special: 'failure-rate', comparison: 'rate<=' },
  min_rps: { metric: 'http_reqs', special: 'rps', comparison: 'rate>=', label: 'successful requests' },
  max_failed_checks: { metric: 'checks', special: 'failed-checks', comparison: 'rate<=', label: 'failed checks' },
  max_iteration_errors: { metric: 'iteration_errors', special: 'iteration-errors', comparison: 'count<=' },
  max_first_event_p95: { metric: STREAM.firstEventDue, special: 'latency', comparison: 'p(95)<' },
  max_first_event_p99: { metric: STREAM.firstEventDue, special: 'latency', comparison: 'p(99)<' },
  max_first_token_p95: { metric: STREAM.firstTokenDue, special: 'latency', comparison: 'p(95)<' },
  max_first_token_p99: { metric: STREAM.firstTokenDue, special: 'latency', comparison: 'p(99)<' },
  max_event_gap_p95: { metric: STREAM.gap, special: 'latency', comparison: 'p(95)<' },
  max_event_gap_p99: { metric: STREAM.gap, special: 'latency', comparison: 'p(99)<' },
  max_token_gap_p95: { metric: STREAM.tokenGap, special: 'latency', comparison: 'p(95)<' },
  max_token_gap_p99: { metric: STREAM.tokenGap, special: 'latency', comparison: 'p(99)<' },
  max_stalls: { metric: STREAM.stalls, comparison: 'count<=' },
  min_goodput: { metric: STREAM.good, comparison: 'rate>=' },
};

/** A short form as a threshold, of the whole run or of one task. */
export function shortPlan(
  where: string,
  { name, value }: { name: ShortThresholdName; value: ShortThreshold },
  task: string | undefined,
): ThresholdPlan {
  const { metric, special, comparison, label } = MEANING[name];
  const definition = BUILT_IN_METRICS.find((known) => known.name === metric);
  if (definition === undefined) throw new BugError(`${name} is about ${metric}, which is no built-in metric`);
  const long = typeof value === 'object' ? value : { limit: value };
  const text = `${comparison}${long.limit}${windowText(long)}`;
  const parsed = parseThresholdExpression(where, text, definition);
  const abort = abortOf(long);
  if (special === 'rps' && abort !== undefined && parsed.window === undefined && abort.delayUs === 0)
    throw new ConfigError(
      where,
      'expected delay_abort_eval, such as 30s, beside abort_on_fail; got none, and every run begins with a low rate',
    );
  return {
    source: where,
    ...written(`${label ?? metric}${task === undefined ? '' : `{task:${task}}`}`, text),
    metric,
    tags: task === undefined ? {} : { task },
    parsed,
    special,
    ...(abort === undefined ? {} : { abort }),
  };
}

/** How a threshold is written, whole and in its halves. */
export function written(subject: string, condition: string): Pick<ThresholdPlan, 'expression' | 'words'> {
  return { expression: `${subject}: ${condition}`, words: { subject, condition } };
}

/** ` for 10s`, ` in 99% of seconds`. */
function windowText(long: { for?: string | undefined; in?: string | undefined }): string {
  if (long.for !== undefined) return ` for ${long.for.trim()}`;
  return long.in === undefined ? '' : ` in ${long.in.trim()} of seconds`;
}

interface AbortKeys {
  readonly abortOnFail?: boolean | undefined;
  readonly abort_on_fail?: boolean | undefined;
  readonly delayAbortEval?: string | number | undefined;
  readonly delay_abort_eval?: string | undefined;
}

function abortOf(keys: AbortKeys): ThresholdPlan['abort'] {
  if ((keys.abort_on_fail ?? keys.abortOnFail) !== true) return undefined;
  return { delayUs: delayUsOf(keys.delay_abort_eval ?? keys.delayAbortEval ?? 0) ?? 0 };
}

/** One expression and when it ends the run. */
export interface WrittenExpression {
  readonly text: string;
  readonly abort: ThresholdPlan['abort'];
}

/** Expressions in any of their forms. @param notes - gets a line where a delay waits for nothing */
export function expressionsOf(expressions: Expressions, notes: string[], where: string): WrittenExpression[] {
  const list = Array.isArray(expressions) ? expressions : [expressions];
  return list.map((item) => {
    if (typeof item === 'string') return { text: item, abort: undefined };
    const abort = abortOf(item);
    const delay = item.delay_abort_eval ?? item.delayAbortEval;
    if (abort === undefined && delay !== undefined)
      notes.push(
        `${where}: ${item.delay_abort_eval === undefined ? 'delayAbortEval' : 'delay_abort_eval'} has no effect without abortOnFail`,
      );
    return { text: item.threshold ?? item.expression ?? '', abort };
  });
}
