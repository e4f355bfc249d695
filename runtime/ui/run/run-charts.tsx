import { useMemo, useState } from 'preact/hooks';
import type { RunView } from '../../server/api.ts';
import { formatAxisSeconds } from '../format.ts';
import { Chart } from './chart.tsx';
import { columnsOf, type Mark, phaseMarks, type TimeRange } from './chart-data.ts';
import { type ChartKind, GENERATOR_CHART, LATENCY_CHART, monitorChart, rateChart, USERS_CHART } from './chart-series.ts';

/** `last`: so many seconds back from the newest. */
type Window = { last: number } | { range: TimeRange } | 'all';
const CHOICES = [60, 300, 900] as const;

/** All charts of a run on one time axis: zooming one zooms all. */
export function RunCharts({ view }: { view: RunView }) {
  const [window, setWindow] = useState<Window>('all');
  const { points, edits } = view;
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
  return (
    <>
      <RangeBar window={window} newest={newest} onChoose={setWindow} />
      {points.length === 0 && <p class="empty">The first second is not over yet.</p>}
      <div class="charts">
        {kinds.map((kind: ChartKind) => (
          <Chart
            key={kind.title}
            kind={kind}
            data={columnsOf(points, kind.lines, range)}
            marks={marks}
            range={range}
            isOver={view.state === 'ended' || view.state === 'unknown'}
            onRange={(chosen) => setWindow(chosen === null ? 'all' : { range: chosen })}
          />
        ))}
      </div>
      <p class="hint">
        {points.length > 0 &&
          `${points.length * view.stepS} seconds, ${formatAxisSeconds(points[0]?.second ?? 0)} to ${formatAxisSeconds(newest)}. `}
        {all.stepS > 1 && `Each point is ${all.stepS} seconds: rates are their mean, latencies their worst. `}
        Drag across a chart to zoom into all; double-click for the whole run.
      </p>
    </>
  );
}

function RangeBar({ window, newest, onChoose }: { window: Window; newest: number; onChoose(window: Window): void }) {
  const isLast = (seconds: number): boolean => typeof window === 'object' && 'last' in window && window.last === seconds;
  return (
    <fieldset class="segments">
      <legend class="unseen">Time shown in the charts</legend>
      <button type="button" aria-pressed={window === 'all'} onClick={() => onChoose('all')}>
        Whole run
      </button>
      {CHOICES.map((seconds) => (
        <button
          type="button"
          key={seconds}
          aria-pressed={isLast(seconds)}
          disabled={newest <= seconds}
          onClick={() => onChoose({ last: seconds })}
        >
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
