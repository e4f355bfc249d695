import type { ScriptDeclaration } from '../core/guest-settings.ts';
import { CALL, END, LIMITS, TO_HOST } from '../core/mailbox.ts';
import { beginActivity, endActivity } from './activity.ts';
import { sendVuTags } from './context.ts';
import { declaredMetrics } from './declared.ts';
import { addVu, instantiate } from './instances.ts';
import { countAll } from './judging.ts';
import { MixError, mixedTasks, mixedWeights, runTask } from './mix.ts';
import { textField, write } from './outbox.ts';
import { optionsAsData } from './shape-samples.ts';
import { describeThrown } from './show.ts';
import { type Operation, StopVu, settings, type Vu } from './state.ts';

/** Numbers of STALL_PHASE in core/stall-cell.ts. */
const INIT_PHASE = 1;
const ITERATION_PHASE = 2;
const HOOK_PHASES: Record<number, number> = {
  [CALL.setup]: 3,
  [CALL.teardown]: 4,
  [CALL.vuSetup]: 5,
  [CALL.vuTeardown]: 6,
  [CALL.task]: 7,
  [CALL.init]: 1,
  [CALL.handleSummary]: 9,
};
const LOGS_PER_ITERATION = 20;
const TURNS_OF_A_CHAIN = 12;

let setupData = '';
/** What setup() returned, as JSON; every VU parses a copy of its own. */
export function setSetupData(json: string): void {
  setupData = json;
}

function dataOf(vu: Vu): unknown {
  if (!vu.hasData) {
    vu.data = setupData === '' ? undefined : JSON.parse(setupData);
    vu.hasData = true;
  }
  return vu.data;
}

/** Begins an iteration of the current VU; its end is reported with `token`. */
export function beginIteration(vu: Vu, token: number, exec: string): void {
  beginActivity(vu.row, { phase: ITERATION_PHASE, iteration: vu.iteration, scenario: vu.scenario });
  vu.isInterrupted = false;
  vu.isAtModuleLevel = false;
  vu.refused = 0;
  vu.draws = 0;
  vu.pictures = 0;
  vu.rowsOfStart?.clear();
  if (vu.logsLeft < settings.logsPerVu) vu.logsLeft += LOGS_PER_ITERATION;
  void run(vu, token, () => (vu.exports[exec] as (data: unknown) => unknown)(dataOf(vu)));
}

/** Calls a hook of the script, or describes it: see CALL. The result goes back as JSON with the end. @param call - `text`: its name, or what handleSummary is given */
export function callHook(vu: Vu, token: number, { kind, text: name }: { kind: number; text: string }): void {
  beginActivity(vu.row, { phase: HOOK_PHASES[kind] ?? 0, iteration: 0, scenario: vu.scenario });
  vu.logsLeft = settings.logsPerVu;
  if (kind === CALL.init) return void run(vu, token, () => declarationOf(vu));
  vu.isAtModuleLevel = false;
  if (kind === CALL.task) return void run(vu, token, () => runNamedTask(vu, name));
  if (kind === CALL.handleSummary)
    return void run(vu, token, () => (vu.exports['handleSummary'] as (data: unknown) => unknown)(JSON.parse(name)));
  const hook = vu.exports[name];
  const needsData = kind === CALL.teardown || kind === CALL.vuSetup || kind === CALL.vuTeardown;
  void run(vu, token, () => (hook as (data?: unknown) => unknown)(needsData ? dataOf(vu) : undefined));
}

function runNamedTask(vu: Vu, name: string): unknown {
  const tasks = mixedTasks(vu.exports['default']);
  if (tasks?.[name] !== undefined) return runTask(vu, tasks, name, dataOf(vu));
  return (vu.exports[name] as (data: unknown) => unknown)(dataOf(vu));
}

function declarationOf(vu: Vu): ScriptDeclaration {
  const options = vu.exports['options'];
  return {
    exportNames: Object.keys(vu.exports).filter((name) => typeof vu.exports[name] === 'function'),
    options: optionsAsData(options),
    metrics: declaredMetrics(),
    taskNames: Object.keys(mixedTasks(vu.exports['default']) ?? {}),
    taskWeights: mixedWeights(vu.exports['default']) ?? {},
  };
}

async function run(vu: Vu, token: number, body: () => unknown): Promise<void> {
  let kind: number = END.done;
  let text = '';
  try {
    const result = await body();
    if (vu.pending.length > 0) await waitForUnawaited(vu);
    if (result !== undefined && token < 0) text = resultJson(result);
    if (vu.isInterrupted && token >= 0) kind = END.interrupted; // though the script may have caught what told it so
  } catch (error) {
    kind = error instanceof StopVu || vu.isInterrupted ? END.interrupted : endOf(error, token);
    text = describeThrown(error);
    if (vu.pending.length > 0) await waitQuietly(vu);
  }
  endActivity(vu.row);
  countAll(vu);
  sendVuTags(vu);
  write(vu, TO_HOST.end, `${token},${kind},${textField(text)}`);
}

/** An iteration has thrown, whatever it was; of the rest bad input is told apart. */
function endOf(error: unknown, token: number): number {
  return token < 0 && error instanceof MixError ? END.badInput : END.threw;
}

function resultJson(result: unknown): string {
  const json = JSON.stringify(result) ?? '';
  if (json.length > LIMITS.resultLength)
    throw new RangeError(`the result is ${json.length} characters of JSON long; at most ${LIMITS.resultLength} can leave the sandbox`);
  return json;
}

/** Runs module level for a VU and reports how that went, with `token`. */
export function beginInstance(token: number, index: number, scenario: number): void {
  let kind: number = END.done;
  let text = '';
  const vu = addVu(index, scenario);
  beginActivity(vu.row, { phase: INIT_PHASE, iteration: 0, scenario });
  try {
    instantiate(vu);
  } catch (error) {
    kind = endOf(error, token);
    text = describeThrown(error);
  }
  endActivity(vu.row);
  write(vu, TO_HOST.end, `${token},${kind},${textField(text)}`);
}

/** Operations that nobody awaited end before their iteration does, and are reported. */
async function waitForUnawaited(vu: Vu): Promise<void> {
  const first = vu.pending[0] as Operation;
  write(vu, TO_HOST.unawaited, textField((first.where?.stack ?? '').slice(0, LIMITS.errorLength)));
  await waitQuietly(vu);
  if (settings.isStrict) throw new Error('an operation was not awaited (--strict makes this an error): put `await` before it');
}

async function waitQuietly(vu: Vu): Promise<void> {
  while (vu.pending.length > 0) {
    const operation = vu.pending[0] as Operation;
    // biome-ignore lint/suspicious/noThenProperty: as Operation itself
    await { then: (resolve: (value: unknown) => void) => operation.also(resolve) };
    // whoever awaits it after all comes back through a few async functions and may ask for the next thing
    for (let i = 0; i < TURNS_OF_A_CHAIN && vu.pending.length === 0; i++) await undefined;
  }
}
