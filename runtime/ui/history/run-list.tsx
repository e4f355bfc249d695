import type { RunEntry } from '../../views/api.ts';
import { formatDay, formatMs, formatNumber, formatRatio, formatSeconds, shortScript } from '../format.ts';
import { OutcomeBadge } from '../parts/outcome.tsx';
import { TableFrame } from '../parts/table.tsx';
import { hashOf } from '../route.ts';

interface RunListProps {
  readonly runs: readonly RunEntry[];
  readonly chosen: readonly string[];
  onChoose(id: string): void;
}

const NUMBER_HEADS = ['Time', 'Requests', 'Req/s', 'Failed', 'p95'];

export function RunList({ runs, chosen, onChoose }: RunListProps) {
  if (runs.length === 0) return <p class="empty">No run is like that. Change the filter above.</p>;
  return (
    <TableFrame label="Runs">
      <table class="stacked">
        <caption class="unseen">Runs, the newest first</caption>
        <thead>
          <tr>
            <th scope="col">
              <span class="unseen">Compare</span>
            </th>
            <th scope="col">Begun</th>
            <th scope="col">Outcome</th>
            <th scope="col">Script</th>
            <th scope="col">Environment</th>
            <th scope="col">Profile</th>
            <th scope="col">Load</th>
            {NUMBER_HEADS.map((head) => (
              <th key={head} scope="col" class="number">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <RunRow key={run.id} run={run} isChosen={chosen.includes(run.id)} onChoose={onChoose} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function RunRow({ run, isChosen, onChoose }: { run: RunEntry; isChosen: boolean; onChoose(id: string): void }) {
  const isKnown = run.state !== 'unknown'; // of one that was killed there is a plan and no result
  const hasRequests = isKnown && run.requests > 0;
  return (
    <tr>
      <td class="choose">
        <input type="checkbox" checked={isChosen} aria-label={`Compare ${run.id}`} onChange={() => onChoose(run.id)} />
      </td>
      <th scope="row">
        <a href={hashOf(['runs', run.id])} title={run.id}>
          {formatDay(run.startedMs)}
        </a>
      </th>
      <td>
        <OutcomeBadge outcome={run.outcome} state={run.state} />
        {run.isExploratory && <span class="badge none">edited</span>}
        {run.baselines.map((name) => (
          <span key={name} class="badge none">
            baseline {name}
          </span>
        ))}
      </td>
      <td title={run.script}>{shortScript(run.script)}</td>
      <td data-label="Environment">{run.environment}</td>
      <td data-label="Profile">{run.profile ?? '–'}</td>
      <td data-label="Load" class="load">
        {run.load || '–'}
      </td>
      <td class="number" data-label="Time">
        {formatSeconds(isKnown ? run.durationS : null)}
      </td>
      <td class="number" data-label="Requests">
        {formatNumber(isKnown ? run.requests : null)}
      </td>
      <td class="number" data-label="Req/s">
        {formatNumber(hasRequests ? run.perSecond : null)}
      </td>
      <td data-label="Failed" class={`number${run.failedRatio > 0 ? ' bad-text' : ''}`}>
        {formatRatio(hasRequests ? run.failedRatio : null)}
      </td>
      <td class="number" data-label="p95">
        {formatMs(run.p95Ms)}
      </td>
    </tr>
  );
}
