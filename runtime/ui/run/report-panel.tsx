import type { RunView } from '../../views/api.ts';
import { fileAddress } from '../api-client.ts';

const REPORT = 'report.html';
/** What the files are; others are offered by their name alone. */
const FILES: Readonly<Record<string, string>> = {
  [REPORT]: 'the whole report, one file',
  'run.json': 'everything, for programs',
  'stats.csv': 'a row per request',
  'stats_history.csv': 'a row per second',
  'failures.csv': 'failures by kind',
  'exceptions.csv': 'errors of the script',
  'junit.xml': 'thresholds as tests, for CI',
  'summary.md': 'for a pull request',
  'latency.hlog': 'histograms, for HdrHistogram tools',
  'plan.json': 'what was planned',
  'journal.ndjson': 'each second, as it was measured',
};

/** What is left of a run: its files, its report in place. */
export function ReportPanel({ view }: { view: RunView }) {
  const { id, files } = view;
  return (
    <>
      <section>
        <h2>Files</h2>
        {files.length === 0 && <p class="empty">The run folder has no files yet.</p>}
        <ul class="files">
          {files.map((name) => (
            <li key={name}>
              <a href={`${fileAddress(id, name)}?download`} download={`${id}-${name}`}>
                {name}
              </a>{' '}
              <span class="muted">{FILES[name] ?? ''}</span>
            </li>
          ))}
        </ul>
      </section>
      {files.includes(REPORT) && (
        <section>
          <h2>
            Report{' '}
            <a class="beside" href={fileAddress(id, REPORT)} target="_blank" rel="noreferrer">
              in a tab of its own
            </a>
          </h2>
          <iframe class="report" title={`Report of ${id}`} src={fileAddress(id, REPORT)} />
        </section>
      )}
    </>
  );
}
