import { errorKindText } from '../core/error-kind.ts';
import { type ChartDef, LINE_COLORS, type LineDef, perSecond, requestsDef } from '../page/chart-defs.ts';
import type { PageData, RowSeries } from '../views/report-data.ts';

const ERRORS_SHOWN_MAX = 6;

/** Requests and times of one row of requests, in place of those of the whole run; undefined when there is no such row. */
export function rowDefs({ rows, endS, lengthS }: RowSeries, label: string): [requests: ChartDef, times: ChartDef] | undefined {
  const row = rows.find((one) => rowLabel(one) === label);
  if (row === undefined) return undefined;
  const seconds = lengthS[0] ?? 1;
  return [
    requestsDef({ ...row, endS, lengthS }),
    {
      id: 'times',
      title: 'Response times',
      about: seconds > 1.5 ? `p95 of the worst of each ${Math.round(seconds)} seconds` : 'p95 of each second',
      endS,
      lines: [{ label: 'p95', color: '--line-2', values: row.responseTimeMsP95, unit: 'ms' }],
    },
  ];
}

/** Failures by kind; undefined when there was none. */
export function errorDef({ errors, endS, lengthS }: NonNullable<PageData['series']>): ChartDef | undefined {
  if (errors.length === 0) return undefined;
  const lines = errors.slice(0, ERRORS_SHOWN_MAX).map(({ name, kind, code, seen }, i): LineDef => {
    const counts = endS.map(() => 0);
    for (let at = 0; at < seen.length; at += 2) counts[seen[at] as number] = seen[at + 1] as number;
    const label = `${errorKindText({ kind, code })} ${name}`;
    return { label, color: LINE_COLORS[i % LINE_COLORS.length] as string, values: perSecond(counts, lengthS), unit: 'perSecond' };
  });
  const left = errors.length - lines.length;
  return {
    id: 'errors',
    title: 'Failures per second, by kind',
    endS,
    lines,
    ...(left > 0 ? { about: `the ${ERRORS_SHOWN_MAX} most frequent kinds of ${errors.length}` } : {}),
  };
}

export function rowLabel({ task, method, name }: { task: string; method: string; name: string }): string {
  return [task, method, name].filter(Boolean).join(' ');
}
