import type { LiveState } from '../../views/api.ts';
import { formatNumber, formatRatio } from '../format.ts';
import { type DataColumn, DataTable } from '../parts/table.tsx';

type Check = LiveState['checks'][number];

const COLUMNS: readonly DataColumn<Check>[] = [
  { label: 'Task', text: ({ task }) => task },
  {
    label: 'Check',
    isHead: true,
    text: ({ name }) => name,
    content: ({ name, fails }) => (
      <>
        <span class={fails > 0 ? 'bad-text' : 'good-text'} aria-hidden="true">
          {fails > 0 ? '✗' : '✓'}
        </span>{' '}
        {name}
      </>
    ),
  },
  { label: 'Passed', isNumber: true, text: ({ passes }) => formatNumber(passes) },
  { label: 'Failed', isNumber: true, text: ({ fails }) => formatNumber(fails), looks: ({ fails }) => (fails > 0 ? 'bad-text' : '') },
  {
    label: 'Held',
    isNumber: true,
    text: ({ passes, fails }) => formatRatio(passes + fails === 0 ? null : passes / (passes + fails)),
  },
];

/** Checks of the script and how often they held. */
export function CheckTable({ checks }: { checks: LiveState['checks'] }) {
  if (checks.length === 0)
    return <p class="empty">The script has checked nothing yet. A check says what a good answer is: check(res, {'{ … }'}).</p>;
  return <DataTable label="Checks" columns={COLUMNS} rows={checks} keyOf={({ task, name }) => `${task}\n${name}`} />;
}
