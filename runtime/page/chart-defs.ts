import { HTTP } from '../core/roles.ts';
import type { RunSeries } from '../core/run-series.ts';

/** One line of a chart. */
export interface LineDef {
  readonly label: string;
  /** A variable of the style sheet. */
  readonly color: string;
  readonly values: readonly (number | null)[];
  /** Dashes tell lines apart where colours do not. */
  readonly dash?: readonly number[];
  readonly isFilled?: boolean;
  /** How a value reads; also which axis it has. */
  readonly unit: Unit;
}

export type Unit = 'ms' | 'count' | 'perSecond' | 'ratio' | 'bytes';

export interface ChartDef {
  readonly id: string;
  readonly title: string;
  /** What the figures are, for those who do not know. */
  readonly about?: string;
  readonly endS: readonly number[];
  readonly lines: readonly LineDef[];
}

/** What of the time of a run is shown, seconds since it began. */
export type ShownRange = readonly [fromS: number, toS: number];

export const LINE_COLORS = ['--line-1', '--line-2', '--line-3', '--line-4', '--line-5', '--line-6'] as const;
const DASH = [4, 4];

/** What is drawn of a run over time, in the page and in the report. */
export function chartDefs(series: RunSeries): ChartDef[] {
  return [requestsDef(series), timesDef(series), ...stateDefs(series), ...gaugeDefs(series)];
}

/** Of the whole run, or of one row of its requests. */
export function requestsDef({
  endS,
  lengthS,
  requests,
  failures,
}: Pick<RunSeries, 'endS' | 'lengthS' | 'requests' | 'failures'>): ChartDef {
  return {
    id: 'requests',
    title: 'Requests per second',
    endS,
    lines: [
      { label: 'requests/s', color: '--line-1', values: perSecond(requests, lengthS), isFilled: true, unit: 'perSecond' },
      { label: 'failures/s', color: '--bad', dash: DASH, values: perSecond(failures, lengthS), unit: 'perSecond' },
    ],
  };
}

function timesDef({ endS, foldedBy, responseTimeMs: due, durationMs: sent }: RunSeries): ChartDef {
  return {
    id: 'times',
    title: 'Response times',
    about: `solid: from due; dashed: ${HTTP.duration}, from sent${foldedBy > 1 ? `; the worst of each ${foldedBy} seconds` : ''}`,
    endS,
    lines: [
      { label: 'p50', color: '--line-1', values: due.p50, unit: 'ms' },
      { label: 'p95', color: '--line-2', values: due.p95, unit: 'ms' },
      { label: 'p99', color: '--line-3', values: due.p99, unit: 'ms' },
      { label: 'p50 from sent', color: '--line-1', values: sent.p50, unit: 'ms', dash: DASH },
      { label: 'p95 from sent', color: '--line-2', values: sent.p95, unit: 'ms', dash: DASH },
      { label: 'p99 from sent', color: '--line-3', values: sent.p99, unit: 'ms', dash: DASH },
    ],
  };
}

function stateDefs(series: RunSeries): ChartDef[] {
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
  return [users, generator, data];
}

/** What watched the target, and gauges of the script: those of one unit together. */
function gaugeDefs({ gauges, endS }: RunSeries): ChartDef[] {
  const units = [...new Set(gauges.map((gauge) => gauge.unit))];
  return units.map((unit) => ({
    id: `gauges-${unit === '' ? 'plain' : unit}`,
    title: unit === '' ? 'Gauges' : `Gauges, ${unit}`,
    endS,
    lines: gauges
      .filter((gauge) => gauge.unit === unit)
      .map(({ name, values }, i) => ({
        label: name,
        color: LINE_COLORS[i % LINE_COLORS.length] as string,
        values,
        unit: unit === 'ms' || unit === 'bytes' ? unit : 'count',
      })),
  }));
}

export function perSecond(counts: readonly number[], lengthS: readonly number[]): number[] {
  return counts.map((count, i) => count / (lengthS[i] || 1));
}

/** A chart without a figure says nothing that its axes do not make look like zero. */
export function hasFigures({ lines }: ChartDef): boolean {
  return lines.some(({ values }) => values.some((value) => value !== null && value !== 0));
}
