import type { RunEntry } from '../../views/api.ts';
import { formatMs, formatNumber, formatRatio, formatSeconds, shortScript } from '../format.ts';
import { OutcomeBadge } from '../parts/outcome.tsx';
import { type DataColumn, DataTable } from '../parts/table.tsx';
import { hashOf } from '../route.ts';
import { runNames } from './run-names.ts';

interface RunListProps {
  readonly runs: readonly RunEntry[];
  readonly chosen: readonly string[];
  onChoose(id: string): void;
}

/** A run with what it is called in the list. */
interface ListedRun extends RunEntry {
  readonly called: string;
}

const isKnown = ({ state }: RunEntry): boolean => state !== 'unknown'; // of one that was killed there is a plan and no result
const hasRequests = (run: RunEntry): boolean => isKnown(run) && run.requests > 0;

const COLUMNS: readonly DataColumn<ListedRun>[] = [
  {
    label: 'Begun',
    isHead: true,
    text: ({ called }) => called,
    content: ({ id, called }) => (
      <a href={hashOf(['runs', id])} title={id}>
        {called}
      </a>
    ),
  },
  {
    label: 'Outcome',
    isUnlabelled: true,
    text: ({ state }) => state,
    content: (run) => (
      <>
        <OutcomeBadge outcome={run.outcome} state={run.state} />
        {run.isExploratory && <span class="badge none">edited</span>}
        {run.baselines.map((name) => (
          <span key={name} class="badge none">
            baseline {name}
          </span>
        ))}
      </>
    ),
  },
  { label: 'Script', isUnlabelled: true, text: ({ script }) => shortScript(script), content: ScriptName },
  { label: 'Environment', text: ({ environment }) => environment },
  { label: 'Profile', text: ({ profile }) => profile ?? '' },
  { label: 'Load', text: ({ load }) => load, looks: () => 'load' },
  { label: 'Time', isNumber: true, text: (run) => formatSeconds(isKnown(run) ? run.durationS : null) },
  { label: 'Requests', isNumber: true, text: (run) => formatNumber(isKnown(run) ? run.requests : null) },
  { label: 'Req/s', isNumber: true, text: (run) => formatNumber(hasRequests(run) ? run.perSecond : null) },
  {
    label: 'Failed',
    isNumber: true,
    text: (run) => formatRatio(hasRequests(run) ? run.failedRatio : null),
    looks: ({ failedRatio }) => (failedRatio > 0 ? 'bad-text' : ''),
  },
  { label: 'p95', isNumber: true, text: ({ p95Ms }) => formatMs(p95Ms) },
];

function ScriptName({ script }: RunEntry) {
  return <span title={script}>{shortScript(script)}</span>;
}

/** Runs, the newest first; each can be chosen for a comparison. */
export function RunList({ runs, chosen, onChoose }: RunListProps) {
  if (runs.length === 0) return <p class="empty">No run is like that. Change the filter above.</p>;
  const called = runNames(runs.map((entry) => ({ id: entry.id, entry })));
  const choice: DataColumn<ListedRun> = {
    label: 'Compare',
    isUnlabelled: true,
    isLabelUnseen: true,
    text: ({ id }) => id,
    looks: () => 'choose',
    content: ({ id }) => <input type="checkbox" checked={chosen.includes(id)} aria-label={`Compare ${id}`} onChange={() => onChoose(id)} />,
  };
  return (
    <DataTable
      label="Runs"
      columns={[choice, ...COLUMNS]}
      rows={runs.map((run, i) => ({ ...run, called: called[i] ?? '' }))}
      keyOf={({ id }) => id}
    />
  );
}
