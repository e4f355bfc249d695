import { formatNumber, formatRatio } from '../../core/page-figures.ts';
import type { RunJson, TaskRow } from '../../core/run-json.ts';
import { html, type Markup } from './markup.ts';
import { section, type TableColumn, tableOf } from './table.ts';

const COLUMNS: readonly TableColumn<TaskRow>[] = [
  { title: 'task', cell: ({ task }) => task },
  {
    title: 'asked',
    about: 'share of the iterations, by its weight',
    isNumber: true,
    cell: ({ askedRatio }) => formatRatio(askedRatio),
    sortBy: ({ askedRatio }) => askedRatio,
  },
  {
    title: 'of the requests',
    isNumber: true,
    cell: ({ requestRatio }) => formatRatio(requestRatio),
    sortBy: ({ requestRatio }) => requestRatio ?? -1,
  },
  { title: 'requests', isNumber: true, cell: ({ requests }) => formatNumber(requests), sortBy: ({ requests }) => requests },
];

/** How often the tasks of the mix were to be drawn, and what came of it. */
export function taskPart({ tasks = [] }: RunJson): Markup {
  return section(
    'tasks',
    'Tasks',
    tasks.length > 0 && [
      html`<p class="muted">asked: share of the iterations, by weight. A task of several requests has more of the requests than of the iterations.</p>`,
      tableOf(COLUMNS, tasks, { caption: 'Tasks' }),
    ],
  );
}
