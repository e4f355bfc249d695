import type { RunJson } from '../../../runtime/core/run-json.ts';
import { simulatedRun } from '../../support/simulated-run.ts';
import { failedRun, fullRun } from './fixed-runs.ts';

/** 30 s of two requests, all that stands beside the numbers taken from the fixed runs: what golden files are rendered from. */
export const simulated = simulatedRun({ seconds: 30, names: ['/predict', '/health'], requestsPerSecond: 40 });

export const passedReport: RunJson = {
  ...simulated.run,
  thresholds: fullRun.thresholds,
  checks: fullRun.checks,
  errors: [
    ...fullRun.errors.map((error) => ({ ...error, name: '/predict' })),
    {
      name: 'TypeError: no objects',
      kind: 'script',
      code: 0,
      count: 2,
      firstSeen: '2026-11-22T13:35:45.000Z',
      lastSeen: '2026-11-22T13:35:46.500Z',
      sample: 'TypeError: no objects, "none"\n    at predict (scripts/predict.ts:13:28)',
    },
  ],
  starts: fullRun.starts,
  notes: fullRun.notes,
};

export const failedReport: RunJson = {
  ...passedReport,
  run: { ...passedReport.run, exitCode: 99 },
  verdict: failedRun.verdict,
  thresholds: failedRun.thresholds,
};

/** What a script and a target may call things to break a report. */
export const HOSTILE = `</script><img src=x onerror="alert(1)">'"&<!--|\`]]>\n::error::\u0000\u001b[31m`;

export const hostileReport: RunJson = {
  ...failedReport,
  run: { ...failedReport.run, script: HOSTILE, environment: HOSTILE, profile: HOSTILE },
  verdict: { outcome: 'failed', reasons: [HOSTILE] },
  thresholds: failedReport.thresholds.map((threshold) => ({ ...threshold, expression: HOSTILE, detail: HOSTILE, source: HOSTILE })),
  requests: failedReport.requests.map((row) =>
    row.name === 'Aggregated' ? row : { ...row, name: `${HOSTILE}${row.name}`, task: HOSTILE },
  ),
  checks: failedReport.checks.map((check) => ({ ...check, name: HOSTILE, reason: HOSTILE })),
  errors: failedReport.errors.map((error) => ({ ...error, name: HOSTILE, sample: HOSTILE })),
  kept: (failedReport.kept ?? []).map((kept) => ({ ...kept, name: HOSTILE, url: HOSTILE, error: HOSTILE, requestId: HOSTILE })),
  metrics: { ...failedReport.metrics, [HOSTILE]: { type: 'gauge', values: { value: 1 } } },
  notes: [HOSTILE],
};
