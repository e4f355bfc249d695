import type { PlanScenario } from '../../views/api.ts';
import { formatAxisSeconds, formatNumber } from '../format.ts';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [480, 140, 40, 20, 18];

/** Users or starts a second over time, with the phases by name. */
export function PlanDrawing({ scenario, label }: { scenario: PlanScenario; label: string }) {
  const { curve, phases, model } = scenario;
  const endS = Math.max(scenario.durationS ?? 0, curve.at(-1)?.atS ?? 0, 1);
  const most = curve.reduce((max, { value }) => Math.max(max, value), 0) || 1;
  const x = (atS: number): number => LEFT + (atS / endS) * (WIDTH - LEFT - 8);
  const y = (value: number): number => HEIGHT - BOTTOM - (value / most) * (HEIGHT - BOTTOM - TOP);
  const line = curve.map(({ atS, value }) => `${x(atS).toFixed(1)},${y(value).toFixed(1)}`).join(' ');
  const area = `${x(curve[0]?.atS ?? 0)},${y(0)} ${line} ${x(curve.at(-1)?.atS ?? 0).toFixed(1)},${y(0)}`;
  return (
    <svg class="plan-drawing" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={label}>
      {[0, 0.5, 1].map((share) => (
        <g key={share}>
          <line class="grid" x1={LEFT} x2={WIDTH - 8} y1={y(most * share)} y2={y(most * share)} />
          <text x={LEFT - 6} y={y(most * share) + 4} text-anchor="end">
            {formatNumber(most * share)}
          </text>
        </g>
      ))}
      {[0, 0.25, 0.5, 0.75, 1].map((share) => (
        <text key={share} x={x(endS * share)} y={HEIGHT - 5} text-anchor={share === 1 ? 'end' : share === 0 ? 'start' : 'middle'}>
          {formatAxisSeconds(endS * share)}
        </text>
      ))}
      {phases.length < 12 &&
        phases.map(({ name, fromS }) => (
          <g key={`${name} ${fromS}`}>
            <line class="phase" x1={x(fromS)} x2={x(fromS)} y1={TOP - 6} y2={HEIGHT - BOTTOM} />
            <text x={x(fromS) + 3} y={TOP - 6}>
              {name}
            </text>
          </g>
        ))}
      {curve.length > 0 && <polygon class="area" points={area} />}
      <polyline class={`curve ${model}`} points={line} />
    </svg>
  );
}
