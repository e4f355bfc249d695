import { errorKindText, errorPlaceText } from '../../core/error-kind.ts';
import type { LiveState } from '../../views/api.ts';
import { formatClock, formatNumber } from '../format.ts';
import { TableFrame } from '../parts/table.tsx';

/** Failures by kind, the most frequent first, each with the first one's own words. */
export function FailureTable({ errors }: { errors: LiveState['errors'] }) {
  if (errors.length === 0) return <p class="empty">No request has failed.</p>;
  const sorted = [...errors].sort((a, b) => b.count - a.count);
  return (
    <TableFrame label="Failures">
      <table class="stacked">
        <caption class="unseen">Failures by request and kind</caption>
        <thead>
          <tr>
            <th scope="col" class="number">
              Count
            </th>
            <th scope="col">Request</th>
            <th scope="col">Kind</th>
            <th scope="col">Sample</th>
            <th scope="col">First seen</th>
            <th scope="col">Last seen</th>
          </tr>
        </thead>
        <tbody>
          {sorted.map((error) => (
            <tr key={`${errorPlaceText(error)}\n${errorKindText(error)}`}>
              <td class="number bad-text" data-label="Count">
                {formatNumber(error.count)}
              </td>
              <th scope="row">{errorPlaceText(error)}</th>
              <td data-label="Kind">{errorKindText(error)}</td>
              <td class="sample">{error.sample}</td>
              <td class="clock" data-label="First seen">
                {formatClock(error.firstSeenMs)}
              </td>
              <td class="clock" data-label="Last seen">
                {formatClock(error.lastSeenMs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}
