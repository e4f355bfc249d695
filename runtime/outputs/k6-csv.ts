import { type CsvFormulas, csvCell } from '../core/csv-cell.ts';
import { k6ValueOf } from './k6-value.ts';
import type { SampleFormat } from './sample-format.ts';

/** k6's columns that are tags of ours; the rest of its columns stays empty. */
const TAG_COLUMNS = [
  'check',
  'error',
  'error_code',
  'expected_response',
  'group',
  'method',
  'name',
  'proto',
  'scenario',
  'service',
  'status',
  'subproto',
  'tls_version',
  'url',
];
const HEADER = ['metric_name', 'timestamp', 'metric_value', ...TAG_COLUMNS, 'extra_tags', 'metadata'];

/**
 * k6's CSV: timestamps in whole seconds, other tags as `a=b&c=d` in `extra_tags`.
 * @see https://grafana.com/docs/k6/latest/results-output/real-time/csv/
 */
export function csvFormat(formulas: CsvFormulas = 'escaped'): SampleFormat {
  const cell = (text: string): string => csvCell(text, formulas);
  return {
    header: `${HEADER.join(',')}\n`,
    writer({ metric, unit, period, tags }) {
      const columns = TAG_COLUMNS.map((tag) => cell(tags[tag] ?? ''));
      const extra = Object.entries<string>({ ...tags, period })
        .filter(([tag, value]) => !TAG_COLUMNS.includes(tag) && value !== '')
        .map(([tag, value]) => `${tag}=${value}`)
        .sort()
        .join('&');
      const rest = [...columns, cell(extra), ''].join(',');
      return { line: (value, atUs) => `${metric},${Math.floor(atUs / 1e6)},${k6ValueOf(value, unit)},${rest}\n` };
    },
  };
}
