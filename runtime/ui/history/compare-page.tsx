import { useState } from 'preact/hooks';
import { isTotalRow } from '../../core/rows.ts';
import type { Comparison } from '../../views/api.ts';
import { shortScript } from '../format.ts';
import { OutcomeBadge } from '../parts/outcome.tsx';
import { Loading, Problem } from '../parts/problem.tsx';
import { TableFrame } from '../parts/table.tsx';
import { hashOf, type Route, replaceHash } from '../route.ts';
import { useAnswer } from '../use-answer.ts';
import { withBase } from './compare-order.ts';
import { ComparedCharts } from './compared-charts.tsx';
import { COMPARED, type ComparedFigure, type ComparedValue, changeOf } from './compared-figures.ts';
import { ComparedSettings } from './compared-settings.tsx';
import { runNames } from './run-names.ts';

/** Two runs or more, side by side; the first is what the others are measured against. */
export function ComparePage({ route }: { route: Route }) {
  const runs = route.query.get('runs') ?? '';
  const { value, problem, isLoading, reload } = useAnswer('get /compare', runs === '' ? null : { query: { runs } });
  return (
    <>
      <h1>Compare</h1>
      {runs === '' && (
        <p class="empty">
          Choose runs in the <a href="#/history">history</a>.
        </p>
      )}
      {problem !== undefined && <Problem problem={problem} onRetry={reload} />}
      {isLoading && value === undefined && <Loading what="the runs" />}
      {value !== undefined && problem === undefined && <Compared comparison={value} />}
    </>
  );
}

function Compared({ comparison }: { comparison: Comparison }) {
  const [figureId, setFigureId] = useState('p95');
  const called = runNames(comparison.runs);
  const figure = COMPARED.find(({ id }) => id === figureId) ?? (COMPARED[0] as ComparedFigure);
  return (
    <>
      {comparison.differences.length > 0 && (
        <div class="note">
          <p>These runs were not planned alike; their figures may differ for that reason.</p>
          <ul>
            {comparison.differences.map((difference) => (
              <li key={difference}>{difference}</li>
            ))}
          </ul>
        </div>
      )}
      <fieldset class="segments">
        <legend class="unseen">Figure compared</legend>
        {COMPARED.map(({ id, label }) => (
          <button key={id} type="button" aria-pressed={id === figureId} onClick={() => setFigureId(id)}>
            {label}
          </button>
        ))}
      </fieldset>
      <TableFrame label={`${figure.label} by request`}>
        <table class="stacked">
          <caption class="unseen">{figure.label} by request and run</caption>
          <RunHeads runs={comparison.runs} />
          <tbody>
            {comparison.rows.map(({ task, method, name, values }) => (
              <tr key={`${task}\n${name}\n${method}`} class={isTotalRow({ name, method }) ? 'total' : ''}>
                <th scope="row">
                  {method} {name} <span class="muted">{task}</span>
                </th>
                {values.map((value, i) => (
                  <Cell
                    key={comparison.runs[i]?.id ?? i}
                    figure={figure}
                    value={value}
                    base={i === 0 ? undefined : (values[0] ?? null)}
                    label={i === 0 ? 'base' : (called[i] ?? '')}
                  />
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      <p class="hint">
        Grey and ≈: no more than chance may make it, for the ranges in which each figure lies 95% of the time meet, or there are too few
        requests to say. The ranges take requests for independent; runs that are repeated scatter more, so a colour is a hint and no proof.
      </p>
      <ComparedCharts runs={comparison.runs} />
      <ComparedSettings runs={comparison.runs} />
    </>
  );
}

function RunHeads({ runs }: { runs: Comparison['runs'] }) {
  const ids = runs.map(({ id }) => id);
  const called = runNames(runs);
  return (
    <thead>
      <tr>
        <th scope="col">Request</th>
        {runs.map(({ id, entry }, i) => (
          <th key={id} scope="col" class="number">
            <a href={hashOf(['runs', id])}>{called[i]}</a>
            <br />
            <span class="muted">
              {i === 0 ? 'base · ' : ''}
              {shortScript(entry.script)} {entry.profile ?? ''}
            </span>
            <br />
            <OutcomeBadge outcome={entry.outcome} state={entry.state} />
            {i > 0 && (
              <>
                <br />
                <button type="button" class="small" onClick={() => replaceHash(hashOf(['compare'], { runs: withBase(ids, id).join(',') }))}>
                  {runs.length === 2 ? 'Swap' : 'Make it the base'}
                </button>
              </>
            )}
          </th>
        ))}
      </tr>
    </thead>
  );
}

interface CellProps {
  readonly figure: ComparedFigure;
  readonly value: ComparedValue;
  readonly base: ComparedValue | undefined;
  /** What stands beside it where the table is stacked. */
  readonly label: string;
}

/** @param props.base - undefined in the base's own column; null where the base has no such request */
function Cell({ figure, value, base, label }: CellProps) {
  const change = base === undefined ? undefined : changeOf(figure, value, base);
  return (
    <td class="number" data-label={label}>
      {value === null ? <span class="muted">none</span> : figure.format(figure.of(value))}
      {change !== undefined && (
        <>
          <br />
          <span class={`change ${change.tone}-text`}>{change.text}</span>
        </>
      )}
    </td>
  );
}
