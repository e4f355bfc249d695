import { useEffect, useMemo, useState } from 'preact/hooks';
import type { Comparison, RunView, SecondPoint } from '../../server/api.ts';
import { getJson } from '../api-client.ts';
import { formatDay, formatMs, formatNumber } from '../format.ts';
import { Chart } from '../run/chart.tsx';
import type { ChartColumns, TimeRange } from '../run/chart-data.ts';
import type { ChartKind } from '../run/chart-series.ts';
import { overlaid } from './overlaid.ts';

interface Figure {
  readonly title: string;
  readonly explanation: string;
  readonly format: (value: number | null) => string;
  readonly of: (point: SecondPoint) => number | null;
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
    format: (value) => formatNumber(value),
    of: (point) => point.requests,
  },
  { title: 'Users', explanation: 'Users at work.', format: (value) => formatNumber(value), of: (point) => point.users },
];
const NO_MARKS = [] as const;

/** Runs over each other, each from where its measured period began. */
export function ComparedCharts({ runs }: { runs: Comparison['runs'] }) {
  const views = useViews(runs);
  const [range, setRange] = useState<TimeRange | null>(null);
  const charts = useMemo(() => FIGURES.map((figure) => chartOf(figure, runs, views)), [views]);
  if (views.length < runs.length) return <p class="empty">Loading their seconds …</p>;
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
    </>
  );
}

function chartOf(figure: Figure, runs: Comparison['runs'], views: readonly (RunView | null)[]): { kind: ChartKind; data: ChartColumns } {
  const lines = runs.map(({ entry }, i) => ({
    label: `${formatDay(entry.startedMs)}${i === 0 ? ' (base)' : ''}${runs.some((other, at) => at < i && formatDay(other.entry.startedMs) === formatDay(entry.startedMs)) ? ` #${i + 1}` : ''}`,
    colour: `--line-${(i % 4) + 1}`,
    ...(i === 0 ? {} : { dash: i < 4 ? [6, 3] : [2, 3] }),
    of: figure.of,
    join: 'worst' as const,
  }));
  return {
    kind: { title: figure.title, explanation: figure.explanation, lines, format: figure.format },
    data: {
      columns: overlaid(
        views.map((view) => view?.points ?? []),
        figure.of,
      ),
      stepS: 1,
    },
  };
}

/** Each run whole; null for one whose seconds are gone. */
function useViews(runs: Comparison['runs']): readonly (RunView | null)[] {
  const [views, setViews] = useState<readonly (RunView | null)[]>([]);
  const ids = runs.map(({ id, entry }) => (id.startsWith('baseline:') ? entry.id : id)).join();
  useEffect(() => {
    const abort = new AbortController();
    setViews([]);
    void Promise.all(ids.split(',').map((id) => getJson<RunView>(`/runs/${encodeURIComponent(id)}`, abort.signal).catch(() => null))).then(
      (loaded) => {
        if (!abort.signal.aborted) setViews(loaded);
      },
    );
    return () => abort.abort();
  }, [ids]);
  return views;
}
