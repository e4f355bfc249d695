import type { Comparison } from '../../views/api.ts';
import { counted, isBlank } from '../format.ts';
import { TableFrame } from '../parts/table.tsx';
import { runNames } from './run-names.ts';

/** What each run was: its load, where it went, what it was made with, and what it noted. */
export function ComparedSettings({ runs }: { runs: Comparison['runs'] }) {
  const called = runNames(runs);
  const names = [...new Set(runs.flatMap(({ setting }) => Object.keys(setting)))];
  const rows: [name: string, of: (run: Comparison['runs'][number]) => string][] = [
    ['environment', ({ entry }) => entry.environment],
    ['target', ({ baseUrl }) => baseUrl],
    ['profile', ({ entry }) => entry.profile ?? ''],
    ['load', ({ load }) => load],
    ...names.map((name): (typeof rows)[number] => [name, ({ setting }) => setting[name] ?? '']),
  ];
  const known = rows.filter(([, of]) => runs.some((run) => !isBlank(of(run))));
  return (
    <>
      <h2>How they were run</h2>
      <TableFrame label="How they were run">
        <table class="stacked">
          <caption class="unseen">Load, environment and setting of each run</caption>
          <thead>
            <tr>
              <th scope="col">What</th>
              {runs.map(({ id }, i) => (
                <th key={id} scope="col">
                  {called[i]} {i === 0 ? '(base)' : ''}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {known.map(([name, of]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {runs.map((run, i) => (
                  <td key={run.id} class="wrapped" data-label={i === 0 ? 'base' : called[i]}>
                    {of(run) || '–'}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
      {runs
        .map(({ id, notes }, i) => ({ id, notes, name: called[i] }))
        .filter(({ notes }) => notes.length > 0)
        .map(({ id, name, notes }) => (
          <details key={id}>
            <summary>
              {counted(notes.length, 'note')} of {name}
            </summary>
            <ul>
              {notes.map((note) => (
                <li key={note}>{note}</li>
              ))}
            </ul>
          </details>
        ))}
    </>
  );
}
