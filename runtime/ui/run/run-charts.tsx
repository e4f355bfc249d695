import { useMemo, useState } from 'preact/hooks';
import { chartDefs, hasFigures, type ShownRange } from '../../page/chart-defs.ts';
import { marksOf } from '../../page/marks.ts';
import type { RunView } from '../../views/api.ts';
import { counted, formatAxisSeconds } from '../format.ts';
import { ScenarioPlan } from '../parts/scenario-plan.tsx';
import { Chart } from './chart.tsx';
import { isBegun } from './run-figures.ts';
import { shownSeries } from './shown-series.ts';

/** `last`: so many seconds back from the newest. */
type Window = { last: number } | { range: ShownRange } | 'all';
const CHOICES = [60, 300, 900] as const;
/** Shown at the least while a run goes on. */
const FIRST_SECONDS = 10;

/** All charts of a run on one time axis: zooming one zooms all. */
export function RunCharts({ view }: { view: RunView }) {
  const [window, setWindow] = useState<Window>('all');
  const { series, state } = view;
  const isOver = state === 'ended' || state === 'unknown';
  const newest = series.endS.at(-1) ?? 0;
  const range = rangeOf(window, newest);
  const shown = useMemo(() => shownSeries(series, range), [series, newest, ...(range ?? [])]);
  // one without a figure would look like zero; while the run goes on some may still come
  const defs = useMemo(() => chartDefs(shown).filter((def) => !isOver || hasFigures(def)), [shown, isOver]);
  if (!isOver && !isBegun(view)) return <PlannedLoad view={view} />;
  if (isOver && defs.length === 0) return <p class="empty">No user began and no request ended: there is nothing to draw.</p>;
  const marks = marksOf(series);
  return (
    <>
      <RangeBar window={window} newest={newest} onChoose={setWindow} />
      <div class="charts">
        {defs.map((def) => (
          <Chart
            key={def.id}
            def={def}
            marks={marks}
            range={range ?? [0, isOver ? newest : Math.max(newest, FIRST_SECONDS)]}
            onZoom={(chosen) => setWindow(chosen === undefined ? 'all' : { range: chosen })}
          />
        ))}
      </div>
      <p class="hint">
        {series.endS.length > 0 &&
          `${counted(series.endS.length * series.foldedBy, 'second')}, ${formatAxisSeconds(0)} to ${formatAxisSeconds(newest)}. `}
        {shown.foldedBy > 1 && `Each point drawn is ${shown.foldedBy} seconds: rates are over all of them, latencies their worst. `}
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
          {formatAxisSeconds(window.range[0])} to {formatAxisSeconds(window.range[1])} <span aria-hidden="true">✕</span>
          <span class="unseen">: show the whole run</span>
        </button>
      )}
    </fieldset>
  );
}

function rangeOf(window: Window, newest: number): ShownRange | undefined {
  if (window === 'all') return undefined;
  return 'range' in window ? window.range : [Math.max(0, newest - window.last), newest];
}
