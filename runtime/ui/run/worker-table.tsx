import type { WorkerRow } from '../../views/api.ts';
import { formatBytes, formatMs, formatNumber, formatRatio } from '../format.ts';
import { type DataColumn, DataTable } from '../parts/table.tsx';

/** Over these a worker's own slowness shows in the figures: what the verdict calls saturated. */
const CPU_MAX = 0.9;
const LAG_MS_MAX = 20;

const COLUMNS: readonly DataColumn<WorkerRow>[] = [
  { label: 'Agent', text: ({ agent }) => agent ?? '' },
  {
    label: 'Worker',
    isHead: true,
    text: ({ worker }) => String(worker),
    content: ({ worker }) => (
      <>
        <span class="phone-label">Worker </span>
        {worker}
      </>
    ),
  },
  { label: 'Process', isNumber: true, text: ({ pid }) => (pid === undefined ? '' : String(pid)) },
  { label: 'Users', isNumber: true, text: ({ users }) => formatNumber(users) },
  { label: 'Share', isNumber: true, text: ({ share }) => formatRatio(share) },
  watched(
    'CPU',
    ({ cpu }) => formatRatio(cpu),
    ({ cpu }) => (cpu ?? 0) > CPU_MAX,
  ),
  { label: 'Memory', isNumber: true, text: ({ rssBytes }) => formatBytes(rssBytes) },
  watched(
    'Loop lag',
    ({ lagMs }) => formatMs(lagMs),
    ({ lagMs }) => (lagMs ?? 0) > LAG_MS_MAX,
  ),
];

/** The processes that make the load, while it is made, and on which machine where there are several. */
export function WorkerTable({ workers }: { workers: readonly WorkerRow[] }) {
  if (workers.length === 0) return <p class="empty">No worker has reported yet.</p>;
  const sorted = [...workers].sort((a, b) => (a.agent ?? '').localeCompare(b.agent ?? '') || a.worker - b.worker);
  return <DataTable label="Workers" columns={COLUMNS} rows={sorted} keyOf={({ agent, worker }) => `${agent ?? ''}\n${worker}`} />;
}

function watched(label: string, text: (row: WorkerRow) => string, isHigh: (row: WorkerRow) => boolean): DataColumn<WorkerRow> {
  return {
    label,
    isNumber: true,
    text,
    looks: (row) => (isHigh(row) ? 'bad-text' : ''),
    content: (row) => (
      <>
        {isHigh(row) && <abbr title="too high: the generator's own slowness shows in the figures">! </abbr>}
        {text(row)}
      </>
    ),
  };
}
