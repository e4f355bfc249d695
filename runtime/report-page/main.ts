import type { PageData } from '../views/report-data.ts';
import { drawCharts } from './charts.ts';
import { showDistribution } from './distribution.ts';
import { offerDownloads } from './downloads.ts';
import { showHeatMap } from './heat-map.ts';
import { makeSortable } from './sorting.ts';
import { onThemeChange, startTheme } from './theme.ts';

/** What the report does beyond being read: charts, sorting, downloads, light and dark. */
function start(): void {
  const data = JSON.parse(document.getElementById('data')?.textContent ?? 'null') as PageData;
  for (const hidden of document.querySelectorAll<HTMLElement>('.tools, .chart-tools')) hidden.hidden = false;
  startTheme();
  for (const table of document.querySelectorAll<HTMLTableElement>('table.sortable')) makeSortable(table);
  offerDownloads(data);
  const { series, rows } = data;
  if (series === undefined || rows === undefined || series.endS.length === 0) return;
  const charts = drawCharts(series, rows);
  const heatMap = showHeatMap(series);
  const distribution = showDistribution(data.curves);
  charts.onZoom((range) => heatMap.zoom(range));
  charts.onRow((label) => distribution.select(label));
  onThemeChange(() => {
    charts.redraw();
    heatMap.redraw();
    distribution.redraw();
  });
  document.body.dataset['ready'] = 'true';
}

start();
