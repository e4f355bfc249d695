import { useEffect, useRef, useState } from 'preact/hooks';
import type { Options, PlanView } from '../../server/api.ts';
import { type ApiProblem, asProblem, postJson } from '../api-client.ts';
import { Loading, Problem } from '../parts/problem.tsx';
import { goTo, hashOf } from '../route.ts';
import { useAnswer } from '../use-answer.ts';
import { type FormTexts, firstTexts, formOf } from './form-texts.ts';
import { LoadFields, ProductionField, TargetFields } from './load-fields.tsx';
import { MixFields, ThresholdFields } from './more-fields.tsx';
import { PlanPanel } from './plan-panel.tsx';

const PLAN_AFTER_MS = 300;

/** @param props.live - id of the run that goes on, null without one */
export function StartPage({ live }: { live: string | null }) {
  const { value, problem, reload } = useAnswer<Options>('/options');
  return (
    <>
      <h1>Start a run</h1>
      {value !== undefined ? (
        <StartForm options={value} live={live} onPlanned={reload} />
      ) : problem !== undefined ? (
        <Problem problem={problem} onRetry={reload} />
      ) : (
        <Loading what="scripts, environments and profiles" />
      )}
    </>
  );
}

interface StartFormProps {
  readonly options: Options;
  readonly live: string | null;
  /** A script was planned for the first time: only now its tasks are known. */
  onPlanned(): void;
}

function StartForm({ options, live, onPlanned }: StartFormProps) {
  const [texts, setTexts] = useState(() => firstTexts(options));
  const [isStarting, setStarting] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const planned = usePlan(texts, options);
  const asked = useRef(new Set<string>());
  useEffect(() => {
    const isKnown = options.scripts.some(({ path, tasks }) => path === texts.script && tasks.length > 0);
    if (planned.isOld || planned.plan === undefined || isKnown || asked.current.has(texts.script)) return;
    asked.current.add(texts.script);
    onPlanned();
  }, [planned]);
  const change = (part: Partial<FormTexts>): void => {
    setProblem(undefined);
    setTexts((last) => ({ ...last, ...part }));
  };
  const environment = options.environments.find(({ name }) => name === texts.environment);
  const mustTypeName = environment?.isProduction === true && texts.allowProduction !== environment.name;
  const start = (event: Event): void => {
    event.preventDefault();
    setStarting(true);
    postJson<{ id: string }>('/runs', formOf(texts, options)).then(
      ({ id }) => goTo(hashOf(['runs', id])),
      (error: unknown) => {
        setProblem(asProblem(error));
        setStarting(false);
      },
    );
  };
  if (options.scripts.length === 0)
    return <p class="empty">There are no scripts in this folder. `stressrun init` makes a first one; then load this page again.</p>;
  const fields = { options, texts, onChange: change };
  return (
    <form class="start" onSubmit={start}>
      <div>
        <TargetFields {...fields} />
        <LoadFields {...fields} />
        <MixFields {...fields} />
        <ThresholdFields {...fields} />
      </div>
      <div>
        <PlanPanel plan={planned.plan} problem={planned.problem} isOld={planned.isOld} />
        {environment?.isProduction === true && <ProductionField name={environment.name} {...fields} />}
        {problem !== undefined && <Problem problem={problem} />}
        {live !== null && (
          <p class="note">
            A run goes on: <a href={hashOf(['runs', live])}>watch it</a>. One runs at a time.
          </p>
        )}
        <button type="submit" class="primary wide" disabled={isStarting || mustTypeName || live !== null || planned.problem !== undefined}>
          {isStarting ? 'Starting …' : 'Start'}
        </button>
      </div>
    </form>
  );
}

interface Planned {
  readonly plan: PlanView | undefined;
  readonly problem: ApiProblem | undefined;
  /** The form has changed since. */
  readonly isOld: boolean;
}

/** The plan of what is typed, asked for once the typing pauses. */
function usePlan(texts: FormTexts, options: Options): Planned {
  const [planned, setPlanned] = useState<Planned>({ plan: undefined, problem: undefined, isOld: true });
  const { allowProduction: _, ...form } = formOf(texts, options);
  const body = JSON.stringify(form);
  useEffect(() => {
    const abort = new AbortController();
    setPlanned((last) => ({ ...last, isOld: true }));
    const timer = setTimeout(() => {
      postJson<PlanView>('/plan', form, abort.signal).then(
        (plan) => setPlanned({ plan, problem: undefined, isOld: false }),
        (error: unknown) => {
          if (!abort.signal.aborted) setPlanned((last) => ({ plan: last.plan, problem: asProblem(error), isOld: false }));
        },
      );
    }, PLAN_AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [body]);
  return planned;
}
