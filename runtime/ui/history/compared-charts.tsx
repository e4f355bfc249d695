import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Comparison, RunView, SecondPoint } from '../../views/api.ts';
import { ask } from '../api-client.ts';
import { formatMs, formatNumber } from '../format.ts';
import { Chart } from '../run/chart.tsx';
import type { ChartColumns, TimeRange } from '../run/chart-data.ts';
import type { ChartKind } from '../run/chart-series.ts';
import { overlaid } from './overlaid.ts';
import { runNames } from './run-names.ts';

interface Figure {
  readonly title: string;
  readonly explanation: string;
  readonly format: (value: number | null) => string;
  readonly of: (point: SecondPoint) => number | null;
  /** Counted in ones. */
  readonly isWhole?: boolean;
}

const FIGURES: readonly Figure[] = [
  {
    title: 'p95',
    explanation: 'Response time from when the request was due.',
    format: formatMs,
    of: (point) => point.responseMs?.p95 ?? null,
  },
  {
    title: 'Requests per second',
    explanation: 'Requests that ended in each second.',
    format: (value) => formatNumber(value, 2),
    of: (point) => point.requests,
  },
  { title: 'Users', explanation: 'Users at work.', format: (value) => formatNumber(value), of: (point) => point.users, isWhole: true },
];
const NO_MARKS = [] as const;

/** Runs over each other, each from where its measured period began. Their frames stand before their seconds have come. */
export function ComparedCharts({ runs }: { runs: Comparison['runs'] }) {
  const views = useViews(runs);
  const [range, setRange] = useState<TimeRange | null>(null);
  const charts = useMemo(() => FIGURES.map((figure) => chartOf(figure, runs, views)), [runs, views]);
  const unknown = runNames(runs).filter((_, i) => views.get(keptIdOf(runs[i] as (typeof runs)[number])) === null);
  return (
    <>
      <h2>Over time</h2>
      <div class="charts">
        {charts.map(({ kind, data }) => (
          <Chart
            key={`${kind.title} ${runs.map(({ id }) => id).join()}`}
            kind={kind}
            data={data}
            marks={NO_MARKS}
            range={range}
            isOver
            onRange={setRange}
          />
        ))}
      </div>
      {unknown.length > 0 && <p class="hint">The seconds of {unknown.join(' and ')} are not kept any more.</p>}
    </>
  );
}

function chartOf(figure: Figure, runs: Comparison['runs'], views: Views): { kind: ChartKind; data: ChartColumns } {
  const lines = runNames(runs).map((name, i) => ({
    label: `${name}${i === 0 ? ' (base)' : ''}`,
    colour: `--line-${(i % 4) + 1}`,
    ...(i === 0 ? {} : { dash: i < 4 ? [6, 3] : [2, 3] }),
    of: figure.of,
    join: 'worst' as const,
  }));
  return {
    kind: { title: figure.title, explanation: figure.explanation, lines, format: figure.format, isWhole: figure.isWhole === true },
    data: {
      columns: overlaid(
        runs.map((run) => views.get(keptIdOf(run))?.points ?? []),
        figure.of,
      ),
      stepS: 1,
    },
  };
}

/** Whole runs by their ids; null for one whose seconds are gone, none for one that has not come yet. */
type Views = ReadonlyMap<string, RunView | null>;

/** A baseline is a copy of a run's result: its seconds are in that run's folder. */
const keptIdOf = ({ id, entry }: Comparison['runs'][number]): string => (id.startsWith('baseline:') ? entry.id : id);

/** Each is asked for once, however the runs change places. */
function useViews(runs: Comparison['runs']): Views {
  const [views, setViews] = useState<Views>(new Map());
  const ids = runs.map(keptIdOf).join();
  useEffect(() => {
    const abort = new AbortController();
    for (const id of new Set(ids.split(',')))
      if (!views.has(id))
        void ask('get /runs/{id}', { id }, abort.signal)
          .catch(() => null)
          .then((view) => {
            if (!abort.signal.aborted) setViews((known) => new Map(known).set(id, view));
          });
    return () => abort.abort();
  }, [ids]);
  return views;
}
