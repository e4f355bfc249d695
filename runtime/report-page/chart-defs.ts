import { errorKindText } from '../core/error-kind.ts';
import { HTTP } from '../core/roles.ts';
import type { PageData, RowSeries } from '../views/report-data.ts';

/** One line of a chart. */
export interface LineDef {
  readonly label: string;
  /** A variable of the style sheet. */
  readonly color: string;
  readonly values: readonly (number | null)[];
  readonly isDashed?: boolean;
  readonly isFilled?: boolean;
  /** How a value reads; also which axis it has. */
  readonly unit: Unit;
}

export type Unit = 'ms' | 'count' | 'perSecond' | 'ratio' | 'bytes';

export interface ChartDef {
  readonly id: string;
  readonly title: string;
  readonly about?: string;
  readonly endS: readonly number[];
  readonly lines: readonly LineDef[];
}

type Series = NonNullable<PageData['series']>;

const COLORS = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6'] as const;
const ERRORS_SHOWN_MAX = 6;

/** Requests and times: of the whole run, or of one row of requests. */
export function requestDefs(series: Series, rows: RowSeries, label: string): [requests: ChartDef, times: ChartDef] {
  const row = rows.rows.find((one) => rowLabel(one) === label);
  const { endS, lengthS } = row === undefined ? series : rows;
  const requests: ChartDef = {
    id: 'requests',
    title: 'Requests per second',
    endS,
    lines: [
      { label: 'requests/s', color: '--line-1', values: perSecond((row ?? series).requests, lengthS), isFilled: true, unit: 'perSecond' },
      { label: 'failures/s', color: '--bad', values: perSecond((row ?? series).failures, lengthS), unit: 'perSecond' },
    ],
  };
  const id = { id: 'times', title: 'Response times', endS };
  const seconds = rows.rows.length > 0 ? (rows.lengthS[0] ?? 1) : 1;
  if (row !== undefined)
    return [
      requests,
      {
        ...id,
        about: seconds > 1.5 ? `p95 of the worst of each ${Math.round(seconds)} seconds` : 'p95 of each second',
        lines: [{ label: 'p95', color: '--line-2', values: row.responseTimeMsP95, unit: 'ms' }],
      },
    ];
  const { responseTimeMs: due, durationMs: sent } = series;
  return [
    requests,
    {
      ...id,
      about: `solid: from due; dashed: ${HTTP.duration}, from sent${series.foldedBy > 1 ? `; the worst of each ${series.foldedBy} seconds` : ''}`,
      lines: [
        { label: 'p50', color: '--line-1', values: due.p50, unit: 'ms' },
        { label: 'p95', color: '--line-2', values: due.p95, unit: 'ms' },
        { label: 'p99', color: '--line-3', values: due.p99, unit: 'ms' },
        { label: 'p50 from sent', color: '--line-1', values: sent.p50, unit: 'ms', isDashed: true },
        { label: 'p95 from sent', color: '--line-2', values: sent.p95, unit: 'ms', isDashed: true },
        { label: 'p99 from sent', color: '--line-3', values: sent.p99, unit: 'ms', isDashed: true },
      ],
    },
  ];
}

/** What is of the whole run only. */
export function otherDefs(series: Series): ChartDef[] {
  const { endS, lengthS, starts } = series;
  const hasLost = [...starts.late, ...starts.queued, ...starts.dropped].some((count) => count > 0);
  const users: ChartDef = {
    id: 'users',
    title: hasLost ? 'Users, and starts that did not begin in time' : 'Users',
    endS,
    lines: [
      { label: 'users', color: '--line-1', values: series.users, isFilled: true, unit: 'count' },
      ...(hasLost
        ? ([
            { label: 'late/s', color: '--line-2', values: perSecond(starts.late, lengthS), unit: 'perSecond' },
            { label: 'queued/s', color: '--line-3', values: perSecond(starts.queued, lengthS), unit: 'perSecond' },
            { label: 'dropped/s', color: '--bad', values: perSecond(starts.dropped, lengthS), unit: 'perSecond' },
          ] as const)
        : []),
    ],
  };
  const generator: ChartDef = {
    id: 'generator',
    title: 'Generator',
    about: 'the worst worker of each second',
    endS,
    lines: [
      { label: 'CPU of a core', color: '--line-4', values: series.generator.cpu, unit: 'ratio' },
      { label: 'loop lag p99', color: '--line-5', values: series.generator.loopLagMsP99, unit: 'ms' },
    ],
  };
  const data: ChartDef = {
    id: 'data',
    title: 'Data per second',
    endS,
    lines: [
      { label: 'received', color: '--line-1', values: perSecond(series.bytesReceived, lengthS), unit: 'bytes' },
      { label: 'sent', color: '--line-3', values: perSecond(series.bytesSent, lengthS), unit: 'bytes' },
    ],
  };
  return [users, generator, data, ...gaugeDefs(series)];
}

/** Failures by kind; undefined when there was none. */
export function errorDef({ errors, endS, lengthS }: Series): ChartDef | undefined {
  if (errors.length === 0) return undefined;
  const lines = errors.slice(0, ERRORS_SHOWN_MAX).map(({ name, kind, code, seen }, i): LineDef => {
    const counts = endS.map(() => 0);
    for (let at = 0; at < seen.length; at += 2) counts[seen[at] as number] = seen[at + 1] as number;
    const label = `${errorKindText({ kind, code })} ${name}`;
    return { label, color: COLORS[i % COLORS.length] as string, values: perSecond(counts, lengthS), unit: 'perSecond' };
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

/** What watched the target, and gauges of the script: those of one unit together. */
function gaugeDefs({ gauges, endS }: Series): ChartDef[] {
  const units = [...new Set(gauges.map((gauge) => gauge.unit))];
  return units.map((unit) => ({
    id: `gauges-${unit === '' ? 'plain' : unit}`,
    title: unit === '' ? 'Gauges' : `Gauges, ${unit}`,
    endS,
    lines: gauges
      .filter((gauge) => gauge.unit === unit)
      .map(({ name, values }, i) => ({
        label: name,
        color: COLORS[i % COLORS.length] as string,
        values,
        unit: unit === 'ms' || unit === 'bytes' ? unit : 'count',
      })),
  }));
}

export function rowLabel({ task, method, name }: { task: string; method: string; name: string }): string {
  return [task, method, name].filter(Boolean).join(' ');
}

function perSecond(counts: readonly number[], lengthS: readonly number[]): number[] {
  return counts.map((count, i) => count / (lengthS[i] || 1));
}
