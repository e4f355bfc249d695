import type { PlanScenario } from '../../views/api.ts';
import { counted, formatNumber, formatSeconds } from '../format.ts';
import { PlanDrawing } from './plan-drawing.tsx';

/** What a scenario will do, in words and drawn. */
export function ScenarioPlan({ scenario }: { scenario: PlanScenario }) {
  const { name, executor, model, users, durationS, curve } = scenario;
  const most = curve.reduce((max, { value }) => Math.max(max, value), 0);
  const amount =
    model === 'open' ? `up to ${formatNumber(most)} starts/s, ${counted(users, 'user')} at most` : `up to ${counted(users, 'user')}`;
  const time = durationS === null ? 'until its iterations are done' : formatSeconds(durationS);
  return (
    <div class="scenario">
      <p>
        <b>{name}</b> <span class="muted">{executor}</span> · {amount} · {time}
      </p>
      <PlanDrawing scenario={scenario} label={`${name}: ${amount}, ${time}`} />
    </div>
  );
}
