import type { TaskRow } from '../../core/run-json.ts';
import type { LiveRow, RunView } from '../../views/api.ts';
import { formatNumber, formatRatio } from '../format.ts';
import { TableFrame } from '../parts/table.tsx';

/** Tasks of the mix: how often each was to be drawn, and what part of the requests it made. */
export function TaskTable({ view, rows }: { view: RunView; rows: readonly LiveRow[] }) {
  const tasks = tasksOf(view, rows);
  if (tasks.length === 0) return null;
  return (
    <section>
      <h2>Tasks</h2>
      <TableFrame label="Tasks">
        <table class="stacked">
          <caption class="unseen">Tasks of the mix, asked and made</caption>
          <thead>
            <tr>
              <th scope="col">Task</th>
              <th scope="col" class="number">
                Asked
              </th>
              <th scope="col" class="number">
                Of the requests
              </th>
              <th scope="col" class="number">
                Requests
              </th>
            </tr>
          </thead>
          <tbody>
            {tasks.map(({ task, askedRatio, requestRatio, requests }) => (
              <tr key={task}>
                <th scope="row">{task}</th>
                <td class="number" data-label="Asked">
                  {formatRatio(askedRatio)}
                </td>
                <td class="number" data-label="Of the requests">
                  {formatRatio(requestRatio)}
                </td>
                <td class="number" data-label="Requests">
                  {formatNumber(requests)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
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
