import type { Option } from '../option.ts';

/** Tables of every report. */
export const BY: Option = {
  name: 'by',
  kind: 'list',
  value: 'TAG,…',
  description: 'a table of requests by the values of these tags in every report (may be repeated)',
  example: '--by plan,status',
};

export const RUN_DIR: Option = {
  name: 'run-dir',
  kind: 'text',
  value: 'DIR',
  description: 'where run folders are kept; else runs',
  example: '--run-dir /tmp/runs',
};

/** Where a run is kept, and what is written beside it. */
export const KEPT: readonly Option[] = [
  RUN_DIR,
  {
    name: 'json',
    kind: 'text',
    value: 'FILE',
    description: 'write run.json to this file as well',
    example: '--json result.json',
  },
  {
    name: 'html',
    kind: 'text',
    value: 'FILE',
    description: 'write the HTML report to this file as well',
    example: '--html report.html',
  },
  {
    name: 'csv',
    kind: 'text',
    value: 'PREFIX',
    description: "write PREFIX_stats.csv, _stats_history, _failures and _exceptions as well, in Locust's format, and what we have beside",
    example: '--csv results/load',
  },
  {
    name: 'csv-full-history',
    kind: 'switch',
    description: 'stats_history.csv has a row for each request name in each second, not for all together alone',
    example: '--csv results/load --csv-full-history',
  },
  {
    name: 'csv-raw',
    kind: 'switch',
    description: 'leave cells of CSV that begin a formula as they are; else they get an apostrophe',
    example: '--csv-raw',
  },
  {
    name: 'junit',
    kind: 'text',
    value: 'FILE',
    description: 'write thresholds and checks as JUnit XML to this file as well',
    example: '--junit junit.xml',
  },
  {
    name: 'md',
    kind: 'text',
    value: 'FILE',
    description: 'write the summary in Markdown to this file as well',
    example: '--md summary.md',
  },
];

/** Of a run alone. */
export const SUMMARY_EXPORT: Option = {
  name: 'summary-export',
  kind: 'text',
  value: 'FILE',
  description: "write the end-of-test summary to this file, in k6's format",
  example: '--summary-export summary.json',
};

/** Of whatever runs a load. */
export const OUT: Option = {
  name: 'out',
  alias: 'o',
  kind: 'list',
  value: 'KIND=TARGET',
  description: 'send the numbers there as the run goes: csv and json (every sample), prometheus, influxdb, otlp, metrics (may be repeated)',
  example: '-o json=samples.json.gz',
};
