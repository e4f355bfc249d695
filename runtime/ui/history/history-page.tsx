import { useState } from 'preact/hooks';
import { pairsText } from '../../core/run-json.ts';
import type { RunEntry } from '../../views/api.ts';
import { shortScript } from '../format.ts';
import { Loading, Problem } from '../parts/problem.tsx';
import { hashOf, type Route, replaceHash } from '../route.ts';
import { useAnswer } from '../use-answer.ts';
import { comparedInOrder } from './compare-order.ts';
import { RunList } from './run-list.tsx';
import { TrendPanel } from './trend-panel.tsx';

/** Past runs: filtered, compared, and how they went over time. */
export function HistoryPage({ route }: { route: Route }) {
  const { value: runs, problem, reload } = useAnswer('get /runs', {});
  const [chosen, setChosen] = useState<readonly string[]>([]);
  if (runs === undefined)
    return (
      <>
        <h1>History</h1>
        {problem === undefined ? <Loading what="past runs" /> : <Problem problem={problem} onRetry={reload} />}
      </>
    );
  const filter = Object.fromEntries(route.query);
  const shown = runs.filter((run) => matches(run, filter));
  const choose = (id: string): void => setChosen(chosen.includes(id) ? chosen.filter((other) => other !== id) : [...chosen, id]);
  return (
    <>
      <h1>History</h1>
      {runs.length === 0 ? (
        <p class="empty">
          No run is kept in this folder yet. <a href="#/start">Start one</a>.
        </p>
      ) : (
        <>
          <Filters runs={runs} filter={filter} />
          <TrendPanel script={filter['script'] ?? newestScript(runs)} profile={filter['profile'] ?? ''} />
          <CompareBar chosen={runs.filter(({ id }) => chosen.includes(id))} onClear={() => setChosen([])} />
          <RunList runs={shown} chosen={chosen} onChoose={choose} />
        </>
      )}
    </>
  );
}

type Filter = Readonly<Record<string, string>>;
const FIELDS = [
  { id: 'script', label: 'Script', of: (run: RunEntry) => run.script, text: shortScript },
  { id: 'environment', label: 'Environment', of: (run: RunEntry) => run.environment, text: String },
  { id: 'profile', label: 'Profile', of: (run: RunEntry) => run.profile ?? '', text: String },
  { id: 'outcome', label: 'Outcome', of: (run: RunEntry) => run.outcome ?? run.state, text: String },
  { id: 'tags', label: 'Tags', of: (run: RunEntry) => pairsText(run.tags), text: String },
  { id: 'commit', label: 'Commit', of: (run: RunEntry) => run.commit ?? '', text: (commit: string) => commit.slice(0, 12) },
] as const;

/** The filter is in the address: it can be kept and sent. */
function Filters({ runs, filter }: { runs: readonly RunEntry[]; filter: Filter }) {
  return (
    <div class="row filters">
      {FIELDS.map(({ id, label, of, text }) => (
        <label key={id} class="field">
          {label}
          <select
            value={filter[id] ?? ''}
            onChange={(event) => replaceHash(hashOf(['history'], { ...filter, [id]: event.currentTarget.value }))}
          >
            <option value="">all</option>
            {[...new Set(runs.map(of))]
              .filter(Boolean)
              .sort()
              .map((value) => (
                <option key={value} value={value}>
                  {text(value)}
                </option>
              ))}
          </select>
        </label>
      ))}
    </div>
  );
}

function CompareBar({ chosen, onClear }: { chosen: readonly RunEntry[]; onClear(): void }) {
  return (
    <p class="compare-bar" role="status">
      {chosen.length === 0 && 'Choose two runs or more to compare them.'}
      {chosen.length === 1 && 'One run chosen. Choose another; the older one will be the base.'}
      {chosen.length > 1 && (
        <a class="button primary" href={hashOf(['compare'], { runs: comparedInOrder(chosen).join(',') })}>
          Compare {chosen.length} runs
        </a>
      )}
      {chosen.length > 0 && (
        <button type="button" class="quiet" onClick={onClear}>
          Clear
        </button>
      )}
    </p>
  );
}

function matches(run: RunEntry, filter: Filter): boolean {
  return FIELDS.every(({ id, of }) => (filter[id] ?? '') === '' || of(run) === filter[id]);
}

function newestScript(runs: readonly RunEntry[]): string {
  return runs[0]?.script ?? '';
}
