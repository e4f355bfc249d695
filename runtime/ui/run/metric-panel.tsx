import { BUILT_IN_METRICS } from '../../core/built-in-metrics.ts';
import { type MetricRow, type RequestDetail, type RunJson, serverRows } from '../../core/run-json.ts';
import { formatMs, formatNumber, formatStat } from '../format.ts';
import { type DataColumn, DataTable } from '../parts/table.tsx';

const BUILT_IN: ReadonlySet<string> = new Set(BUILT_IN_METRICS.map(({ name }) => name));

/** Metrics of the script, what the server said of its parts, then all metrics that there are anyway. */
export function MetricPanel({ result }: { result: RunJson | null }) {
  if (result === null) return <p class="empty">Metrics are summed up when the run is over; thresholds on them are judged meanwhile.</p>;
  const all = Object.entries(result.metrics);
  const isOwn = ([name]: [string, MetricRow]): boolean => !BUILT_IN.has(name.split('{')[0] ?? name);
  const own = all.filter(isOwn);
  const builtIn = all.filter((metric) => !isOwn(metric));
  return (
    <>
      <section>
        <h2>Of the script</h2>
        {own.length === 0 ? (
          <p class="empty">The script has no metrics of its own.</p>
        ) : (
          <MetricTable metrics={own} label="Metrics of the script" />
        )}
      </section>
      <ServerTimings result={result} />
      <section>
        <h2>Built in</h2>
        <MetricTable metrics={builtIn} label="Built-in metrics" />
      </section>
    </>
  );
}

const METRIC_COLUMNS: readonly DataColumn<[name: string, metric: MetricRow]>[] = [
  { label: 'Metric', isHead: true, text: ([name]) => name },
  { label: 'Type', text: ([, { type, unit }]) => (unit === undefined ? type : `${type}, ${unit}`) },
  {
    label: 'Values',
    isUnlabelled: true,
    looks: () => 'wrapped',
    text: ([, { values }]) => Object.keys(values).join(),
    content: ([, metric]) =>
      Object.entries(metric.values).map(([stat, value]) => (
        <span key={stat} class="pill">
          <span class="muted">{stat}</span> {formatStat(stat, value, metric)}
        </span>
      )),
  },
];

function MetricTable({ metrics, label }: { metrics: readonly [string, MetricRow][]; label: string }) {
  return <DataTable label={label} columns={METRIC_COLUMNS} rows={metrics} keyOf={([name]) => name} />;
}

type ServerRow = RequestDetail['serverMs'][number] & { who: string };

const SERVER_COLUMNS: readonly DataColumn<ServerRow>[] = [
  { label: 'Request', isHead: true, text: ({ who }) => who },
  { label: 'Part', text: ({ part }) => part },
  { label: 'Answers', isNumber: true, text: ({ count }) => formatNumber(count) },
  { label: 'Average', isNumber: true, text: ({ avg }) => formatMs(avg) },
  { label: 'p95', isNumber: true, text: ({ p95 }) => formatMs(p95) },
  { label: 'Max', isNumber: true, text: ({ max }) => formatMs(max) },
];

function ServerTimings({ result }: { result: RunJson }) {
  const rows = serverRows(result.details ?? []).flatMap(({ task, method, name, serverMs }) =>
    serverMs.map((part): ServerRow => ({ who: [method, name, task].filter(Boolean).join(' '), ...part })),
  );
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>What the server says of its parts</h2>
      <DataTable label="Server timings" columns={SERVER_COLUMNS} rows={rows} keyOf={({ who, part }) => `${who}\n${part}`} />
    </section>
  );
}
