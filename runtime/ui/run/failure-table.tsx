import { errorKindText, errorPlaceText } from '../../core/error-kind.ts';
import type { LiveState } from '../../views/api.ts';
import { formatClock, formatNumber } from '../format.ts';
import { type DataColumn, DataTable } from '../parts/table.tsx';

type Failure = LiveState['errors'][number];

const COLUMNS: readonly DataColumn<Failure>[] = [
  { label: 'Count', isNumber: true, text: ({ count }) => formatNumber(count), looks: () => 'bad-text' },
  { label: 'Request', isHead: true, text: errorPlaceText },
  { label: 'Kind', text: errorKindText },
  { label: 'Sample', text: ({ sample }) => sample, looks: () => 'sample', isUnlabelled: true },
  { label: 'First seen', text: ({ firstSeenMs }) => formatClock(firstSeenMs), looks: () => 'clock' },
  { label: 'Last seen', text: ({ lastSeenMs }) => formatClock(lastSeenMs), looks: () => 'clock' },
];

/** Failures by kind, the most frequent first, each with the first one's own words. */
export function FailureTable({ errors }: { errors: LiveState['errors'] }) {
  if (errors.length === 0) return <p class="empty">No request has failed.</p>;
  const sorted = [...errors].sort((a, b) => b.count - a.count);
  return (
    <DataTable label="Failures" columns={COLUMNS} rows={sorted} keyOf={(error) => `${errorPlaceText(error)}\n${errorKindText(error)}`} />
  );
}
