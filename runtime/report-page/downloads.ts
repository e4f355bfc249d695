import type { RunJson } from '../core/run-json.ts';
import { exceptionsCsv, failuresCsv, statsCsv, statsHistoryCsv } from '../views/locust-csv.ts';
import type { PageData } from '../views/report-data.ts';

/** The data of this very page as files: as the run folder has them, times over time rounded to what the charts show. */
export function offerDownloads(data: PageData): void {
  const place = document.getElementById('downloads');
  if (place === null) return;
  const run = data.run as RunJson;
  const series = data.series === undefined ? undefined : { ...data.series, rows: [] };
  const files: [name: string, type: string, textOf: () => string][] = [
    [
      'run.json',
      'application/json',
      () =>
        JSON.stringify({ ...run, ...(series === undefined ? {} : { series: { ...series, rows: data.rows?.rows ?? [] } }) }, undefined, 1),
    ],
    ['stats.csv', 'text/csv', () => statsCsv(run)],
    ['failures.csv', 'text/csv', () => failuresCsv(run)],
    ['exceptions.csv', 'text/csv', () => exceptionsCsv(run)],
  ];
  if (series !== undefined) files.splice(2, 0, ['stats_history.csv', 'text/csv', () => statsHistoryCsv(series)]);
  place.replaceChildren(
    ...files.map(([name, type, textOf]) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = name;
      button.addEventListener('click', () => save(`${run.run.id}-${name}`, new Blob([textOf()], { type })));
      return button;
    }),
  );
}

function save(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
