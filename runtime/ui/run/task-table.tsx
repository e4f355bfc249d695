import type { TaskRow } from '../../core/run-json.ts';
import type { LiveRow, RunView } from '../../views/api.ts';
import { formatNumber, formatRatio } from '../format.ts';
import { type DataColumn, DataTable } from '../parts/table.tsx';

const COLUMNS: readonly DataColumn<TaskRow>[] = [
  { label: 'Task', isHead: true, text: ({ task }) => task },
  { label: 'Asked', isNumber: true, text: ({ askedRatio }) => formatRatio(askedRatio) },
  { label: 'Of the requests', isNumber: true, text: ({ requestRatio }) => formatRatio(requestRatio) },
  { label: 'Requests', isNumber: true, text: ({ requests }) => formatNumber(requests) },
];

/** Tasks of the mix: how often each was to be drawn, and what part of the requests it made. */
export function TaskTable({ view, rows }: { view: RunView; rows: readonly LiveRow[] }) {
  const tasks = tasksOf(view, rows);
  if (tasks.length === 0) return null;
  return (
    <section>
      <h2>Tasks</h2>
      <DataTable label="Tasks" columns={COLUMNS} rows={tasks} keyOf={({ task }) => task} />
      <p class="hint">
        Asked: share of the iterations, by weight. A task of several requests has more of the requests than of the iterations.
      </p>
    </section>
  );
}

/** Afterwards those of the result; while it runs the weights of the plan beside the rows so far. */
function tasksOf({ result, plan }: RunView, rows: readonly LiveRow[]): readonly TaskRow[] {
  if (result !== null) return result.tasks ?? [];
  const asked = plan?.tasks ?? [];
  const counts = asked.map(({ task }) => rows.reduce((sum, row) => sum + (row.task === task ? row.count : 0), 0));
  const all = counts.reduce((sum, count) => sum + count, 0);
  return asked.map((row, i) => ({ ...row, requests: counts[i] ?? 0, requestRatio: all === 0 ? null : (counts[i] ?? 0) / all }));
}
