import { averageBytesOf, failedPerSecondOf } from '../../runtime/core/request-figures.ts';
import type { RequestRow, RunJson } from '../../runtime/core/run-json.ts';

/** The rows of run.json in the words of the live message, of Locust's API and of its CSV files: what each of these must say, given what the run says. */
export function liveRowsOf(run: RunJson) {
  return run.requests.map((row, i) => ({
    task: row.task,
    method: row.method,
    name: row.name,
    count: row.count,
    failed: row.failed,
    medianMs: row.responseTimeMs?.p50,
    p95Ms: row.responseTimeMs?.p95,
    p99Ms: row.responseTimeMs?.p99,
    averageMs: row.responseTimeMs?.avg,
    minMs: row.responseTimeMs?.min,
    maxMs: row.responseTimeMs?.max,
    averageBytes: averageBytesOf(row, run.details?.[i]),
  }));
}

/** As `/stats/requests` has a run that is over. */
export function locustRowsOf(run: RunJson) {
  return run.requests.map((row, i) => ({
    method: row.method,
    name: row.name,
    num_requests: row.count,
    num_failures: row.failed,
    min_response_time: row.responseTimeMs?.min,
    max_response_time: row.responseTimeMs?.max,
    avg_response_time: row.responseTimeMs?.avg,
    median_response_time: row.responseTimeMs?.p50,
    'response_time_percentile_0.95': row.responseTimeMs?.p95,
    'response_time_percentile_0.99': row.responseTimeMs?.p99,
    avg_content_length: averageBytesOf(row, run.details?.[i]),
    total_rps: row.perSecond,
    total_fail_per_sec: failedPerSecondOf(row),
    current_rps: 0,
    current_fail_per_sec: 0,
  }));
}

/** Cells of stats.csv have three decimals at most. */
const cell = (value: number | undefined): string => String(Math.round((value ?? 0) * 1000) / 1000);

/** @param i - of the row */
export function csvRowOf({ requests, details }: RunJson, i: number): Record<string, string> {
  const row = requests[i] as RequestRow;
  const times = row.responseTimeMs;
  const bytes = averageBytesOf(row, details?.[i]);
  return {
    'Request Count': String(row.count),
    'Failure Count': String(row.failed),
    'Median Response Time': cell(times?.p50),
    'Average Response Time': cell(times?.avg),
    'Min Response Time': cell(times?.min),
    'Max Response Time': cell(times?.max),
    'Average Content Size': cell(bytes),
    'Requests/s': cell(row.perSecond),
    'Failures/s': cell(failedPerSecondOf(row)),
    '50%': cell(times?.p50),
    '90%': cell(times?.p90),
    '95%': cell(times?.p95),
    '99%': cell(times?.p99),
    '100%': cell(times?.max),
    'Duration 95%': cell(row.durationMs?.p95),
  };
}

/** The last line of stats_history.csv. */
export function lastHistoryOf({ requests, details }: RunJson): Record<string, string> {
  const total = requests.at(-1) as RequestRow;
  return {
    Name: 'Aggregated',
    'Total Request Count': String(total.count),
    'Total Failure Count': String(total.failed),
    'Total Median Response Time': cell(total.responseTimeMs?.p50),
    'Total Average Response Time': cell(total.responseTimeMs?.avg),
    'Total Min Response Time': cell(total.responseTimeMs?.min),
    'Total Max Response Time': cell(total.responseTimeMs?.max),
    'Total Average Content Size': cell(averageBytesOf(total, details?.at(-1))),
    'Total 95%': cell(total.responseTimeMs?.p95),
    'Total 99%': cell(total.responseTimeMs?.p99),
  };
}
