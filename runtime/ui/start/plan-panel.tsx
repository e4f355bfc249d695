import type { PlanScenario, PlanView } from '../../server/api.ts';
import type { ApiProblem } from '../api-client.ts';
import { counted, formatNumber, formatSeconds, shortThreshold } from '../format.ts';
import { Problem } from '../parts/problem.tsx';
import { PlanDrawing } from './plan-drawing.tsx';

interface PlanPanelProps {
  readonly plan: PlanView | undefined;
  readonly problem: ApiProblem | undefined;
  readonly isOld: boolean;
  /** A run goes on: the plan is drawn once it is over. */
  readonly isWaiting: boolean;
}

/** What would run, drawn before it starts. */
export function PlanPanel({ plan, problem, isOld, isWaiting }: PlanPanelProps) {
  return (
    <section class="plan" aria-label="Plan" aria-busy={isOld}>
      <h2>Plan</h2>
      {problem !== undefined && <Problem problem={problem} />}
      {plan === undefined && problem === undefined && (
        <p class="empty">{isWaiting ? 'The plan is drawn once no run goes on.' : 'Drawing the plan …'}</p>
      )}
      {plan !== undefined && problem === undefined && (
        <>
          <p>
            Against <b>{plan.environment}</b> <span class="muted">{plan.baseUrl}</span>
          </p>
          {plan.scenarios.map((scenario) => (
            <ScenarioPlan key={scenario.name} scenario={scenario} />
          ))}
          {plan.notes.map((note) => (
            <p key={note} class="note">
              {note}
            </p>
          ))}
          <details>
            <summary>{counted(plan.thresholds.length, 'threshold')}</summary>
            <ul class="plain">
              {plan.thresholds.map(({ source, expression }) => (
                <li key={`${source} ${expression}`}>
                  {shortThreshold(source)} <code>{expression}</code>
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </section>
  );
}

function ScenarioPlan({ scenario }: { scenario: PlanScenario }) {
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
