import { useEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import { watchColours } from '../theme.tsx';
import type { ChartColumns, Mark, TimeRange } from './chart-data.ts';
import type { ChartKind, ChartLine } from './chart-series.ts';
import { CHART_HEIGHT, optionsOf } from './uplot-options.ts';

/** Shown at the least while a run goes on. */
const FIRST_SECONDS = 10;

interface ChartProps {
  readonly kind: ChartKind;
  readonly data: ChartColumns;
  readonly marks: readonly Mark[];
  readonly range: TimeRange | null;
  /** The run is over: the axis ends with it. */
  readonly isOver: boolean;
  onRange(range: TimeRange | null): void;
}

/** A chart on the time axis that all charts of the run share; its legend tells the figures in words. */
export function Chart({ kind, data, marks, range, isOver, onRange }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const latest = useRef({ data, marks, range, isOver, onRange });
  latest.current = { data, marks, range, isOver, onRange };
  const [pointed, setPointed] = useState<number | null>(null);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(() => new Set(kind.lines.filter((line) => line.isHidden).map((l) => l.label)));
  const labels = kind.lines.map((line) => line.label).join();

  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const make = (): void => {
      chart.current?.destroy();
      const options = optionsOf(kind, element.clientWidth, {
        marks: () => latest.current.marks,
        onRange: (chosen) => latest.current.onRange(chosen),
        onPoint: setPointed,
      });
      chart.current = new uPlot(options, latest.current.data.columns as uPlot.AlignedData, element);
      showRange(chart.current, latest.current);
      for (const [i, line] of kind.lines.entries()) chart.current.setSeries(i + 1, { show: !hidden.has(line.label) }, false);
    };
    make();
    const sizes = new ResizeObserver(() => {
      if (chart.current !== null && element.clientWidth !== chart.current.width)
        chart.current.setSize({ width: element.clientWidth, height: CHART_HEIGHT });
    });
    sizes.observe(element);
    const unwatch = watchColours(make);
    return () => {
      unwatch();
      sizes.disconnect();
      chart.current?.destroy();
      chart.current = null;
    };
  }, [labels]);

  useEffect(() => {
    if (chart.current === null) return;
    chart.current.setData(data.columns as uPlot.AlignedData, false);
    showRange(chart.current, { range, isOver });
  }, [data, range, isOver]);

  const toggle = (line: ChartLine, index: number): void => {
    const next = new Set(hidden);
    if (!next.delete(line.label)) next.add(line.label);
    setHidden(next);
    chart.current?.setSeries(index + 1, { show: !next.has(line.label) });
  };
  return (
    <figure class="chart">
      <figcaption title={kind.explanation}>{kind.title}</figcaption>
      <Legend kind={kind} data={data} pointed={pointed} hidden={hidden} onToggle={toggle} />
      <div
        class="plot"
        ref={place}
        role="img"
        aria-label={`${kind.title} over time. ${kind.explanation} Figures are in the buttons before.`}
      />
    </figure>
  );
}

interface LegendProps {
  readonly kind: ChartKind;
  readonly data: ChartColumns;
  readonly pointed: number | null;
  readonly hidden: ReadonlySet<string>;
  onToggle(line: ChartLine, index: number): void;
}

/** Figures at the pointer, else the latest; each name shows and hides its line. */
function Legend({ kind, data, pointed, hidden, onToggle }: LegendProps) {
  const [seconds, ...columns] = data.columns;
  const latest = lastKnown(columns);
  return (
    <ul class="legend">
      {kind.lines.map((line, i) => {
        const column = columns[i] ?? [];
        const value = pointed !== null && pointed < seconds.length ? column[pointed] : latestOf(column, latest);
        const format = line.isRight === true && kind.formatRight !== undefined ? kind.formatRight : kind.format;
        return (
          <li key={line.label}>
            <button type="button" class="legend-entry" aria-pressed={!hidden.has(line.label)} onClick={() => onToggle(line, i)}>
              <svg class={`swatch stroke${line.colour}`} viewBox="0 0 18 8" width="18" height="8" aria-hidden="true">
                <line x1="0" y1="4" x2="18" y2="4" stroke-width="2.5" stroke-dasharray={line.dash?.join(' ') ?? 'none'} />
              </svg>
              {line.label} <b>{format(value ?? null)}</b>
            </button>
          </li>
        );
      })}
    </ul>
  );
}

/** The latest second in which anything was measured: what comes behind the load has no figures. */
function lastKnown(columns: readonly (readonly (number | null)[])[]): number {
  const length = columns[0]?.length ?? 0;
  for (let i = length - 1; i > 0; i--) if (columns.some((column) => (column[i] ?? 0) !== 0)) return i;
  return length - 1;
}

/** A run that was shorter than the one it is drawn over has its own last figure. */
function latestOf(column: readonly (number | null)[], last: number): number | null | undefined {
  return column.slice(0, last + 1).findLast((value) => value !== null);
}

/** Draws what is in the range, or all there is; a run that has just begun gets room for its first seconds. */
function showRange(chart: uPlot, { range, isOver }: Pick<ChartProps, 'range' | 'isOver'>): void {
  const seconds = chart.data[0];
  const last = seconds?.at(-1) ?? 0;
  chart.setScale(
    'x',
    range === null
      ? { min: seconds?.[0] ?? 0, max: isOver && last > 0 ? last : Math.max(last, FIRST_SECONDS) }
      : { min: range.fromS, max: range.toS },
  );
}
