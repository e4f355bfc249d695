import { useEffect, useRef, useState } from 'preact/hooks';
import type { Options, PlanView } from '../../views/api.ts';
import { type ApiProblem, ask, asProblem } from '../api-client.ts';
import { Loading, Problem } from '../parts/problem.tsx';
import { goTo, hashOf } from '../route.ts';
import { useAnswer } from '../use-answer.ts';
import { faultOf, typedFault } from './form-faults.ts';
import { type FormTexts, firstTexts, formOf, thresholdsInForce } from './form-texts.ts';
import { LoadFields, ProductionField, TargetFields } from './load-fields.tsx';
import { MixFields, NamedValueFields, ScenarioFields, ThresholdFields } from './more-fields.tsx';
import { PlanPanel } from './plan-panel.tsx';

const PLAN_AFTER_MS = 300;
/** A run began or ended since this page last heard of it. */
const CONFLICT = 409;
const ASK_AGAIN_MS = 1_000;

interface StartPageProps {
  /** Id of the run that goes on, null without one. */
  readonly live: string | null;
  /** A run goes on or is being planned: nothing else can be. */
  readonly isBusy: boolean;
}

export function StartPage({ live, isBusy }: StartPageProps) {
  const { value, problem, reload } = useAnswer('get /options', {});
  return (
    <>
      <h1>Start a run</h1>
      {value !== undefined ? (
        <StartForm options={value} live={live} isBusy={isBusy} onPlanned={reload} />
      ) : problem !== undefined ? (
        <Problem problem={problem} onRetry={reload} />
      ) : (
        <Loading what="scripts, environments and profiles" />
      )}
    </>
  );
}

interface StartFormProps extends StartPageProps {
  readonly options: Options;
  /** A script was planned for the first time: only now its tasks are known. */
  onPlanned(): void;
}

function StartForm({ options, live, isBusy, onPlanned }: StartFormProps) {
  const [texts, setTexts] = useState(() => firstTexts(options));
  const [isStarting, setStarting] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const typed = typedFault(texts);
  const planned = usePlan(texts, options, isBusy || typed !== undefined);
  const asked = useRef(new Set<string>());
  useEffect(() => {
    const isKnown = options.scripts.some(({ path, tasks, scenarios }) => path === texts.script && tasks.length + scenarios.length > 0);
    if (planned.isOld || planned.plan === undefined || isKnown || asked.current.has(texts.script)) return;
    asked.current.add(texts.script);
    onPlanned();
  }, [planned]);
  useEffect(() => {
    if (!isBusy && problem?.status === CONFLICT) setProblem(undefined);
  }, [isBusy]);
  const change = (part: Partial<FormTexts>): void => {
    setProblem(undefined);
    setTexts((last) => ({ ...last, ...part }));
  };
  const environment = options.environments.find(({ name }) => name === texts.environment);
  const mustTypeName = environment?.isProduction === true && texts.allowProduction !== environment.name;
  const start = (event: Event): void => {
    event.preventDefault();
    setStarting(true);
    ask('post /runs', { body: formOf(texts, options) }).then(
      ({ id }) => goTo(hashOf(['runs', id])),
      (error: unknown) => {
        setProblem(asProblem(error));
        setStarting(false);
      },
    );
  };
  if (options.scripts.length === 0)
    return <p class="empty">There are no scripts in this folder. `stressrun init` makes a first one; then load this page again.</p>;
  const answered = problem ?? (isBusy ? undefined : planned.problem);
  const fault = typed ?? (answered === undefined ? undefined : faultOf(answered, fieldsOf(options, texts)));
  // a profile is known at once: its figures come before those of its plan
  const isPlanNear = fault === undefined && !(planned.isOld && texts.profile !== '');
  const fields = { options, texts, fault, plan: isPlanNear ? planned.plan : undefined, onChange: change };
  return (
    <form class="start" onSubmit={start}>
      <div>
        <TargetFields {...fields} />
        <LoadFields {...fields} />
        <ScenarioFields {...fields} />
        <MixFields {...fields} />
        <ThresholdFields {...fields} />
        <NamedValueFields {...fields} />
      </div>
      <div>
        <PlanPanel plan={planned.plan} fault={fault} isOld={planned.isOld} isWaiting={isBusy} />
        {environment?.isProduction === true && <ProductionField name={environment.name} {...fields} />}
        {problem !== undefined && problem.status === CONFLICT && <Problem problem={problem} />}
        {live !== null && (
          <p class="note">
            A run goes on: <a href={hashOf(['runs', live])}>watch it</a>. One runs at a time.
          </p>
        )}
        {isBusy && live === null && !isStarting && <p class="note">A run is being planned. One runs at a time.</p>}
        <button
          type="submit"
          class="primary wide"
          disabled={isStarting || mustTypeName || isBusy || typed !== undefined || planned.problem !== undefined}
        >
          {isStarting ? 'Starting …' : 'Start'}
        </button>
      </div>
    </form>
  );
}

/** Names of the fields that the form shows. */
function fieldsOf(options: Options, texts: FormTexts): ReadonlySet<string> {
  const tasks = options.scripts.find(({ path }) => path === texts.script)?.tasks ?? [];
  const limits = [...Object.keys(thresholdsInForce(options, texts.profile)), ...Object.keys(texts.thresholds)];
  return new Set([
    ...['script', 'environment', 'profile', 'users', 'rate', 'duration', 'stages', 'scenarios', 'variables', 'tags'],
    ...tasks.map((task) => `mix.${task}`),
    ...limits.map((key) => `thresholds.${key}`),
  ]);
}

interface Planned {
  readonly plan: PlanView | undefined;
  readonly problem: ApiProblem | undefined;
  /** The form has changed since. */
  readonly isOld: boolean;
}

/** The plan of what is typed, asked for once the typing pauses; not while a run goes on, which planning would disturb. */
function usePlan(texts: FormTexts, options: Options, isHeld: boolean): Planned {
  const [planned, setPlanned] = useState<Planned>({ plan: undefined, problem: undefined, isOld: true });
  const { allowProduction: _, ...form } = formOf(texts, options);
  const body = JSON.stringify(form);
  useEffect(() => {
    const abort = new AbortController();
    let timer: number | undefined;
    setPlanned((last) => ({ ...last, isOld: true }));
    const askIn = (ms: number): void => {
      timer = setTimeout(() => {
        ask('post /plan', { body: form }, abort.signal).then(
          (plan) => setPlanned({ plan, problem: undefined, isOld: false }),
          (error: unknown) => {
            if (abort.signal.aborted) return;
            const problem = asProblem(error);
            if (problem.status === CONFLICT) askIn(ASK_AGAIN_MS);
            else setPlanned((last) => ({ plan: last.plan, problem, isOld: false }));
          },
        );
      }, ms) as unknown as number;
    };
    if (!isHeld) askIn(PLAN_AFTER_MS);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [body, isHeld]);
  return planned;
}
