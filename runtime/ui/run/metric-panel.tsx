import { BUILT_IN_METRICS } from '../../core/built-in-metrics.ts';
import { type MetricRow, type RunJson, serverRows } from '../../core/run-json.ts';
import { formatMs, formatNumber, formatStat } from '../format.ts';
import { TableFrame } from '../parts/table.tsx';

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

function MetricTable({ metrics, label }: { metrics: readonly [string, MetricRow][]; label: string }) {
  return (
    <TableFrame label={label}>
      <table class="stacked">
        <caption class="unseen">{label}</caption>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">Type</th>
            <th scope="col">Values</th>
          </tr>
        </thead>
        <tbody>
          {metrics.map(([name, metric]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td data-label="Type">{metric.unit === undefined ? metric.type : `${metric.type}, ${metric.unit}`}</td>
              <td class="wrapped">
                {Object.entries(metric.values).map(([stat, value]) => (
                  <span key={stat} class="pill">
                    <span class="muted">{stat}</span> {formatStat(stat, value, metric)}
                  </span>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function ServerTimings({ result }: { result: RunJson }) {
  const rows = serverRows(result.details ?? []).flatMap(({ task, method, name, serverMs }) =>
    serverMs.map((part) => ({ who: [method, name, task].filter(Boolean).join(' '), ...part })),
  );
  if (rows.length === 0) return null;
  return (
    <section>
      <h2>What the server says of its parts</h2>
      <TableFrame label="Server timings">
        <table class="stacked">
          <caption class="unseen">Server timings by request and part</caption>
          <thead>
            <tr>
              <th scope="col">Request</th>
              <th scope="col">Part</th>
              {['Answers', 'Average', 'p95', 'Max'].map((head) => (
                <th key={head} scope="col" class="number">
                  {head}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(({ who, part, count, avg, p95, max }) => (
              <tr key={`${who}\n${part}`}>
                <th scope="row">{who}</th>
                <td data-label="Part">{part}</td>
                <td class="number" data-label="Answers">
                  {formatNumber(count)}
                </td>
                <td class="number" data-label="Average">
                  {formatMs(avg)}
                </td>
                <td class="number" data-label="p95">
                  {formatMs(p95)}
                </td>
                <td class="number" data-label="Max">
                  {formatMs(max)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </section>
  );
}
