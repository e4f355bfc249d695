import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RunSeries } from '../../core/run-series.ts';
import { type ChartDef, LINE_COLORS, perSecond, type ShownRange, type Unit } from '../../page/chart-defs.ts';
import type { Comparison, RunView } from '../../views/api.ts';
import { ask } from '../api-client.ts';
import { Chart } from '../run/chart.tsx';
import { overlaid } from './overlaid.ts';
import { runNames } from './run-names.ts';

interface Figure {
  readonly title: string;
  readonly about: string;
  readonly unit: Unit;
  readonly of: (series: RunSeries) => readonly (number | null)[];
}

const FIGURES: readonly Figure[] = [
  { title: 'p95', about: 'of response times, from due', unit: 'ms', of: ({ responseTimeMs }) => responseTimeMs.p95 },
  {
    title: 'Requests per second',
    about: 'that ended in each second',
    unit: 'perSecond',
    of: ({ requests, lengthS }) => perSecond(requests, lengthS),
  },
  { title: 'Users', about: 'at work', unit: 'count', of: ({ users }) => users },
];
const NO_MARKS = [] as const;
const COLORS_MAX = 4;

/** Runs over each other, each from where its measured period began. Their frames stand before their seconds have come. */
export function ComparedCharts({ runs }: { runs: Comparison['runs'] }) {
  const views = useViews(runs);
  const [range, setRange] = useState<ShownRange | undefined>();
  const defs = useMemo(() => FIGURES.map((figure) => defOf(figure, runs, views)), [runs, views]);
  const unknown = runNames(runs).filter((_, i) => views.get(keptIdOf(runs[i] as (typeof runs)[number])) === null);
  return (
    <>
      <h2>Over time</h2>
      <div class="charts">
        {defs.map((def) => (
          <Chart key={def.id} def={def} marks={NO_MARKS} range={range ?? [0, def.endS.at(-1) ?? 1]} onZoom={setRange} />
        ))}
      </div>
      {unknown.length > 0 && <p class="hint">The seconds of {unknown.join(' and ')} are not kept any more.</p>}
    </>
  );
}

function defOf({ title, about, unit, of }: Figure, runs: Comparison['runs'], views: Views): ChartDef {
  const { endS, columns } = overlaid(
    runs.map((run) => views.get(keptIdOf(run))?.series),
    of,
  );
  const lines = runNames(runs).map((name, i) => ({
    label: `${name}${i === 0 ? ' (base)' : ''}`,
    color: LINE_COLORS[i % COLORS_MAX] as string,
    ...(i === 0 ? {} : { dash: i < COLORS_MAX ? [6, 3] : [2, 3] }),
    values: columns[i] ?? [],
    unit,
  }));
  return { id: title, title, about, endS, lines };
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
