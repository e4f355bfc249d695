import type { WorkerRow } from '../../views/api.ts';
import { formatBytes, formatMs, formatNumber, formatRatio } from '../format.ts';
import { TableFrame } from '../parts/table.tsx';

/** Over these a worker's own slowness shows in the figures: what the verdict calls saturated. */
const CPU_MAX = 0.9;
const LAG_MS_MAX = 20;

/** The processes that make the load, and on which machine where there are several. */
export function WorkerTable({ workers, isOver }: { workers: readonly WorkerRow[]; isOver: boolean }) {
  if (workers.length === 0)
    return (
      <p class="empty">
        {isOver ? 'Workers are shown while their run goes on; the report has the generator as a whole.' : 'No worker has reported yet.'}
      </p>
    );
  const hasAgents = workers.some(({ agent }) => agent !== undefined);
  const hasProcesses = workers.some(({ pid }) => pid !== undefined);
  const heads = [...(hasProcesses ? ['Process'] : []), 'Users', 'Share', 'CPU', 'Memory', 'Loop lag'];
  const sorted = [...workers].sort((a, b) => (a.agent ?? '').localeCompare(b.agent ?? '') || a.worker - b.worker);
  return (
    <TableFrame label="Workers">
      <table class="stacked">
        <caption class="unseen">Workers: the processes that make the load</caption>
        <thead>
          <tr>
            {hasAgents && <th scope="col">Agent</th>}
            <th scope="col">Worker</th>
            {heads.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sorted.map((row) => (
            <tr key={`${row.agent ?? ''}\n${row.worker}`}>
              {hasAgents && <td data-label="Agent">{row.agent}</td>}
              <th scope="row">
                <span class="phone-label">Worker </span>
                {row.worker}
              </th>
              {hasProcesses && (
                <td class="number" data-label="Process">
                  {row.pid ?? '–'}
                </td>
              )}
              <td class="number" data-label="Users">
                {formatNumber(row.users)}
              </td>
              <td class="number" data-label="Share">
                {formatRatio(row.share)}
              </td>
              <Figure label="CPU" text={formatRatio(row.cpu)} isHigh={(row.cpu ?? 0) > CPU_MAX} />
              <td class="number" data-label="Memory">
                {formatBytes(row.rssBytes)}
              </td>
              <Figure label="Loop lag" text={formatMs(row.lagMs)} isHigh={(row.lagMs ?? 0) > LAG_MS_MAX} />
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function Figure({ label, text, isHigh }: { label: string; text: string; isHigh: boolean }) {
  return (
    <td data-label={label} class={`number${isHigh ? ' bad-text' : ''}`}>
      {isHigh && <abbr title="too high: the generator's own slowness shows in the figures">! </abbr>}
      {text}
    </td>
  );
}
