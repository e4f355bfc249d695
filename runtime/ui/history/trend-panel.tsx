import { toneOf } from '../../core/outcome-tone.ts';
import type { TrendPoint } from '../../views/api.ts';
import { formatDay, formatMs, formatNumber, formatRatio, shortScript } from '../format.ts';
import { hashOf } from '../route.ts';
import { useAnswer } from '../use-answer.ts';
import { trendGroups } from './trend-groups.ts';

const [WIDTH, HEIGHT, EDGE] = [600, 110, 14];
const FIGURES = [
  { id: 'p95', label: 'p95', of: (point: TrendPoint) => point.p95Ms, format: formatMs },
  { id: 'rate', label: 'Requests/s', of: (point: TrendPoint) => point.perSecond, format: formatNumber },
  { id: 'failed', label: 'Failed', of: (point: TrendPoint) => point.failedRatio, format: formatRatio },
] as const;

/** Groups that are drawn. */
const GROUPS_MAX = 4;

/** How the runs of a script went, one after the other; those of another profile or load apart. Evenly spaced, whenever they were. */
export function TrendPanel({ script, profile }: { script: string; profile: string }) {
  const query = { script, ...(profile === '' ? {} : { profile }) };
  const { value: points } = useAnswer('get /trend', script === '' ? null : { query });
  const groups = trendGroups(points ?? []);
  return (
    <>
      {groups.slice(0, GROUPS_MAX).map((group, i) => (
        <TrendGroup key={`${group[0]?.profile} ${group[0]?.load}`} script={script} points={group} isOpen={i === 0} />
      ))}
    </>
  );
}

function TrendGroup({ script, points: sorted, isOpen }: { script: string; points: readonly TrendPoint[]; isOpen: boolean }) {
  const [first] = sorted;
  const of = [shortScript(script), first?.profile ?? 'no profile', first?.load, `${sorted.length} runs`].filter(Boolean).join(' · ');
  return (
    <details class="trend" open={isOpen}>
      <summary>Trend of {of}</summary>
      <div class="charts">
        {FIGURES.map((figure) => (
          <TrendDrawing key={figure.id} points={sorted} figure={figure} />
        ))}
      </div>
    </details>
  );
}

function TrendDrawing({ points, figure }: { points: readonly TrendPoint[]; figure: (typeof FIGURES)[number] }) {
  const most = points.reduce((max, point) => Math.max(max, figure.of(point) ?? 0), 0);
  const top = most || 1; // runs without any are drawn along the bottom
  const x = (i: number): number => EDGE + (i / (points.length - 1)) * (WIDTH - 2 * EDGE);
  const y = (value: number): number => HEIGHT - EDGE - (value / top) * (HEIGHT - 2 * EDGE);
  const known = points.flatMap((point, i) => {
    const value = figure.of(point);
    return value === null ? [] : [{ point, value, x: x(i), y: y(value) }];
  });
  const last = known.at(-1);
  return (
    <figure class="chart">
      <figcaption>
        {figure.label}{' '}
        <span class="muted">
          last {figure.format(last?.value ?? null)}, most {figure.format(most)}
        </span>
      </figcaption>
      <svg class="trend-drawing" viewBox={`0 0 ${WIDTH} ${HEIGHT}`}>
        <title>{`${figure.label} of ${points.length} runs, in order`}</title>
        <line class="grid" x1={EDGE} x2={WIDTH - EDGE} y1={y(0)} y2={y(0)} />
        <line class="grid" x1={EDGE} x2={WIDTH - EDGE} y1={y(top)} y2={y(top)} />
        <polyline class="curve" points={known.map((at) => `${at.x.toFixed(1)},${at.y.toFixed(1)}`).join(' ')} />
        {known.map(({ point, value, ...at }) => (
          <a key={point.id} href={hashOf(['runs', point.id])}>
            <title>
              {formatDay(point.startedMs)}: {figure.format(value)}, {point.outcome ?? 'no verdict'}
            </title>
            <Mark outcome={point.outcome} x={at.x} y={at.y} />
          </a>
        ))}
      </svg>
    </figure>
  );
}

/** Round: passed; a triangle: failed; a diamond: nobody can tell. */
function Mark({ outcome, x, y }: { outcome: TrendPoint['outcome']; x: number; y: number }) {
  const tone = outcome === null ? 'unsure' : toneOf(outcome);
  if (tone === 'good') return <circle class="good-mark" cx={x} cy={y} r="5" />;
  if (tone === 'none') return <circle class="none-mark" cx={x} cy={y} r="5" />;
  if (tone === 'bad') return <path class="bad-mark" d={`M${x - 5},${y + 5} l5,-10 l5,10 z`} />;
  return <path class="warn-mark" d={`M${x},${y - 6} l6,6 l-6,6 l-6,-6 z`} />;
}
