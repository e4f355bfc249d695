import { useMemo, useState } from 'preact/hooks';
import type { RunView, SecondPoint } from '../../views/api.ts';
import { counted, formatAxisSeconds } from '../format.ts';
import { ScenarioPlan } from '../parts/scenario-plan.tsx';
import { Chart } from './chart.tsx';
import { columnsOf, type Mark, phaseMarks, type TimeRange } from './chart-data.ts';
import { type ChartKind, GENERATOR_CHART, LATENCY_CHART, monitorChart, rateChart, USERS_CHART } from './chart-series.ts';
import { isBegun } from './run-figures.ts';

/** `last`: so many seconds back from the newest. */
type Window = { last: number } | { range: TimeRange } | 'all';
const CHOICES = [60, 300, 900] as const;

/** All charts of a run on one time axis: zooming one zooms all. */
export function RunCharts({ view }: { view: RunView }) {
  const [window, setWindow] = useState<Window>('all');
  const { points, edits } = view;
  const isOver = view.state === 'ended' || view.state === 'unknown';
  const newest = points.at(-1)?.second ?? 0;
  const range = rangeOf(window, newest);
  const hasDropped = points.some((point) => point.dropped > 0);
  const hasMonitors = points.at(-1)?.monitors !== undefined;
  const kinds = useMemo(() => {
    const monitors = monitorChart(points);
    return [rateChart(hasDropped), LATENCY_CHART, USERS_CHART, GENERATOR_CHART, ...(monitors === undefined ? [] : [monitors])];
  }, [hasDropped, hasMonitors]);
  const marks = [...edits.map((edit): Mark => ({ second: edit.second, text: edit.change, kind: 'edit' })), ...phaseMarks(points)].sort(
    (a, b) => a.second - b.second,
  );
  const all = columnsOf(points, [], range);
  if (!isOver && !isBegun(view)) return <PlannedLoad view={view} />;
  // one without a figure would look like zero; while the run goes on some may still come
  const shown = isOver ? kinds.filter((kind) => hasFigures(kind, points)) : kinds;
  if (isOver && shown.length === 0) return <p class="empty">No user began and no request ended: there is nothing to draw.</p>;
  return (
    <>
      <RangeBar window={window} newest={newest} onChoose={setWindow} />
      <div class="charts">
        {shown.map((kind: ChartKind) => (
          <Chart
            key={kind.title}
            kind={kind}
            data={columnsOf(points, kind.lines, range)}
            marks={marks}
            range={range}
            isOver={isOver}
            onRange={(chosen) => setWindow(chosen === null ? 'all' : { range: chosen })}
          />
        ))}
      </div>
      <p class="hint">
        {points.length > 0 &&
          `${counted(points.length * view.stepS, 'second')}, ${formatAxisSeconds(points[0]?.second ?? 0)} to ${formatAxisSeconds(newest)}. `}
        {all.stepS > 1 && `Each point is ${all.stepS} seconds: rates are their mean, latencies their worst. `}
        Drag across a chart to zoom into all; double-click for the whole run.
      </p>
    </>
  );
}

/** Before the first user is at work there is nothing to chart but what is to come. */
function PlannedLoad({ view: { plan } }: { view: RunView }) {
  return (
    <section>
      <p class="empty">No user is at work yet{plan === null ? '.' : '. This is what was planned:'}</p>
      {plan?.scenarios.map((scenario) => (
        <div key={scenario.name} class="chart">
          <ScenarioPlan scenario={scenario} />
        </div>
      ))}
    </section>
  );
}

function hasFigures({ lines }: ChartKind, points: readonly SecondPoint[]): boolean {
  return lines.some((line) => points.some((point) => (line.of(point) ?? 0) !== 0));
}

function RangeBar({ window, newest, onChoose }: { window: Window; newest: number; onChoose(window: Window): void }) {
  if (newest <= CHOICES[0] && window === 'all') return null;
  const isLast = (seconds: number): boolean => typeof window === 'object' && 'last' in window && window.last === seconds;
  return (
    <fieldset class="segments">
      <legend class="unseen">Time shown in the charts</legend>
      <button type="button" aria-pressed={window === 'all'} onClick={() => onChoose('all')}>
        Whole run
      </button>
      {CHOICES.filter((seconds) => newest > seconds).map((seconds) => (
        <button type="button" key={seconds} aria-pressed={isLast(seconds)} onClick={() => onChoose({ last: seconds })}>
          Last {seconds / 60} min
        </button>
      ))}
      {typeof window === 'object' && 'range' in window && (
        <button type="button" aria-pressed="true" onClick={() => onChoose('all')}>
          {formatAxisSeconds(window.range.fromS)} to {formatAxisSeconds(window.range.toS)} <span aria-hidden="true">✕</span>
          <span class="unseen">: show the whole run</span>
        </button>
      )}
    </fieldset>
  );
}

function rangeOf(window: Window, newest: number): TimeRange | null {
  if (window === 'all') return null;
  return 'range' in window ? window.range : { fromS: Math.max(0, newest - window.last), toS: newest };
}
