import { writeFileSync } from 'node:fs';
import { LatencyLog } from '../runtime/record/latency-log.ts';
import { Ledger } from '../runtime/record/ledger.ts';
import { requestDetailsOf } from '../runtime/record/request-details.ts';
import { RunTimeline } from '../runtime/record/run-timeline.ts';
import { summaryOf } from '../runtime/record/summary.ts';
import { type PageAssets, renderHtml } from '../runtime/report/html/render-html.ts';
import { statsHistoryCsv } from '../runtime/views/locust-csv.ts';
import { simulatedLines, simulatedRun } from '../test/support/simulated-run.ts';

/** What `report.js` measures: the modules themselves, bundled for Node. */
export function reportOf(options: {
  seconds: number;
  names: number;
  samples: number;
  htmlPath: string;
  assets: PageAssets;
}): Record<string, number> {
  const { seconds, names, samples, htmlPath, assets } = options;
  const [ledger, timeline, latencyLog] = [new Ledger(), new RunTimeline(), new LatencyLog()];
  const { store } = ledger;
  let timelineMs = 0;
  let logMs = 0;
  for (const line of simulatedLines({ seconds, names: namesOf(names), requestsPerSecond: Math.round(samples / seconds / names) })) {
    ledger.take(0, line.deltas);
    const second = ledger.close(line);
    timelineMs += timed(() => timeline.add(second));
    logMs += timed(() => latencyLog.add(second));
  }
  const { run: frame } = simulatedRun({ seconds: 1, names: ['/'], requestsPerSecond: 1 });
  let run = frame;
  const completeMs = timed(() => {
    const rows = summaryOf(store, { measuredS: seconds });
    run = { ...frame, ...rows, series: timeline.data(), details: requestDetailsOf(store, rows.requests) };
  });
  let html = '';
  const htmlMs = timed(() => {
    html = renderHtml(run, { assets });
  });
  writeFileSync(htmlPath, html);
  return {
    requests: run.requests.at(-1)?.count ?? 0,
    'timeline, ms per second of the run': timelineMs / seconds,
    'latency log, ms per second of the run': logMs / seconds,
    'run.json, ms': completeMs,
    'report.html, ms': htmlMs,
    'run.json, bytes': JSON.stringify(run).length,
    'report.html, bytes': Buffer.byteLength(html),
    'latency.hlog, bytes': latencyLog.text(run.run.id).length,
    'stats_history.csv, bytes': run.series === undefined ? 0 : statsHistoryCsv(run.series).length,
    'heap at the end, bytes': process.memoryUsage().heapUsed,
    'memory at most, bytes': process.resourceUsage().maxRSS * 1024,
  };
}

function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `/request-${i}`);
}

function timed(work: () => void): number {
  const beganMs = performance.now();
  work();
  return performance.now() - beganMs;
}
