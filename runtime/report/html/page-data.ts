import { createHash } from 'node:crypto';
import type { RunJson } from '../../core/run-json.ts';
import { distributionOf } from '../../record/distribution.ts';
import type { DistributionCurve, PageData } from '../../views/report-data.ts';
import { foldedTimeline } from './fold-timeline.ts';

/** Points of a chart: an hour by the second. */
const POINTS_MAX = 3_600;
/** Points of all rows together. */
const ROW_POINTS_MAX = 30_000;
const CURVES_MAX = 40;

/** What the page's own script gets: the result, and its series as fine as can be shown. */
export function pageDataOf(run: RunJson): PageData {
  const { series, details, ...rest } = run;
  const timeline = series === undefined ? undefined : foldedTimeline(series, { pointsMax: POINTS_MAX, rowPointsMax: ROW_POINTS_MAX });
  return {
    // The curves are what the encoded histograms would be decoded for.
    run:
      details === undefined
        ? rest
        : { ...rest, details: details.map((detail) => ({ ...detail, responseTimeHdr: null, durationHdr: null })) },
    ...(timeline === undefined ? {} : timeline),
    curves: curvesOf(run),
  };
}

/** One for each row of requests, the row over all first. */
function curvesOf({ requests, details = [] }: RunJson): DistributionCurve[] {
  const curves = requests.flatMap((row, i): DistributionCurve[] => {
    const detail = details[i];
    const [response, duration] = [row.responseTimeMs, row.durationMs];
    if (detail?.responseTimeHdr == null || detail.durationHdr === null || response === null || duration === null) return [];
    return [
      {
        label: [row.task, row.method, row.name].filter(Boolean).join(' '),
        count: row.count - row.failed,
        responseTime: pointsOf(detail.responseTimeHdr, response.max),
        duration: pointsOf(detail.durationHdr, duration.max),
      },
    ];
  });
  return [...curves.slice(-1), ...curves.slice(0, -1)].slice(0, CURVES_MAX);
}

function pointsOf(encoded: string, maxMs: number): [ratio: number, ms: number][] {
  return distributionOf(encoded, maxMs).map(({ ratio, ms }) => [Number(ratio.toPrecision(8)), Number(ms.toPrecision(5))]);
}

/** For a Content-Security-Policy: only exactly this script or style runs. */
export function sourceHashOf(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
