import type { PlanView } from '../../views/api.ts';
import { counted, shortThreshold } from '../format.ts';
import { Problem } from '../parts/problem.tsx';
import { ScenarioPlan } from '../parts/scenario-plan.tsx';
import type { FormFault } from './form-faults.ts';

interface PlanPanelProps {
  readonly plan: PlanView | undefined;
  /** Why there is no plan of the form as it is. */
  readonly fault: FormFault | undefined;
  readonly isOld: boolean;
  /** A run goes on: the plan is drawn once it is over. */
  readonly isWaiting: boolean;
}

/** What would run, drawn before it starts. */
export function PlanPanel({ plan, fault, isOld, isWaiting }: PlanPanelProps) {
  return (
    <section class="plan" aria-label="Plan" aria-busy={isOld}>
      <h2>Plan</h2>
      {fault !== undefined && fault.field === undefined && <Problem problem={fault} />}
      {fault !== undefined && fault.field !== undefined && <p class="empty">No plan: one field is not as it can be. It says why.</p>}
      {plan === undefined && fault === undefined && (
        <p class="empty">{isWaiting ? 'The plan is drawn once no run goes on.' : 'Drawing the plan …'}</p>
      )}
      {plan !== undefined && fault === undefined && (
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
