import type { RunSegment } from '../../core/run-json.ts';
import type { RunView } from '../../views/api.ts';
import { fileAddress } from '../api-client.ts';
import { formatAxisSeconds, formatInUnit, shortThreshold } from '../format.ts';
import { type DataColumn, DataTable } from '../parts/table.tsx';

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

/** What is left of a run: stretches of an edited one, its files, its report in place. */
export function ReportPanel({ view }: { view: RunView }) {
  const { id, files, result } = view;
  return (
    <>
      {result?.exploratory !== undefined && <Segments segments={result.exploratory.segments} />}
      {(result?.notes.length ?? 0) > 0 && (
        <section>
          <h2>Notes</h2>
          <ul>
            {result?.notes.map((note) => (
              <li key={note}>{note}</li>
            ))}
          </ul>
        </section>
      )}
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

const SEGMENT_COLUMNS: readonly DataColumn<RunSegment>[] = [
  { label: 'Stretch', isHead: true, text: ({ phase }) => phase },
  { label: 'Change', text: ({ change }) => (change === '' ? 'as planned' : change) },
  { label: 'From', text: ({ fromS }) => formatAxisSeconds(fromS) },
  { label: 'To', text: ({ toS }) => formatAxisSeconds(toS) },
  {
    label: 'Thresholds',
    isUnlabelled: true,
    looks: () => 'wrapped',
    text: ({ thresholds }) => thresholds.map(({ source }) => source).join(),
    content: ({ thresholds }) =>
      thresholds.map((threshold) => (
        <span key={`${threshold.source} ${threshold.expression}`} class={`pill ${threshold.outcome === 'missed' ? 'bad-text' : ''}`}>
          {threshold.outcome === 'met' ? '✓' : threshold.outcome === 'missed' ? '✗' : '?'} {shortThreshold(threshold.source)}{' '}
          {formatInUnit(threshold.actual, threshold.unit)}
        </span>
      )),
  },
];

function Segments({ segments }: { segments: readonly RunSegment[] }) {
  return (
    <section>
      <h2>Stretches between edits</h2>
      <DataTable label="Stretches between edits" columns={SEGMENT_COLUMNS} rows={segments} keyOf={({ phase }) => phase} />
    </section>
  );
}
