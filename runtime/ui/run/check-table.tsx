import type { LiveState } from '../../views/api.ts';
import { formatNumber, formatRatio } from '../format.ts';
import { TableFrame } from '../parts/table.tsx';

/** Checks of the script and how often they held. */
export function CheckTable({ checks }: { checks: LiveState['checks'] }) {
  if (checks.length === 0)
    return <p class="empty">The script has checked nothing yet. A check says what a good answer is: check(res, {'{ … }'}).</p>;
  const hasTasks = checks.some(({ task }) => task !== '');
  return (
    <TableFrame label="Checks">
      <table class="stacked">
        <caption class="unseen">Checks, by task</caption>
        <thead>
          <tr>
            {hasTasks && <th scope="col">Task</th>}
            <th scope="col">Check</th>
            <th scope="col" class="number">
              Passed
            </th>
            <th scope="col" class="number">
              Failed
            </th>
            <th scope="col" class="number">
              Held
            </th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ task, name, passes, fails }) => (
            <tr key={`${task}\n${name}`}>
              {hasTasks && <td data-label="Task">{task}</td>}
              <th scope="row">
                <span class={fails > 0 ? 'bad-text' : 'good-text'} aria-hidden="true">
                  {fails > 0 ? '✗' : '✓'}
                </span>{' '}
                {name}
              </th>
              <td class="number" data-label="Passed">
                {formatNumber(passes)}
              </td>
              <td data-label="Failed" class={`number${fails > 0 ? ' bad-text' : ''}`}>
                {formatNumber(fails)}
              </td>
              <td class="number" data-label="Held">
                {formatRatio(passes + fails === 0 ? null : passes / (passes + fails))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
