import { typeCheck } from '../bundle/type-check.ts';
import { EXIT, ScriptError } from '../core/errors.ts';
import { Redactor } from '../history/redactor.ts';
import { plainText } from '../report/plain-text.ts';
import { Fleet, type WorkerEvent } from './fleet.ts';
import { checkHealth } from './health-check.ts';
import type { CheckScriptInput, RunOutput } from './output.ts';
import { PACKAGE } from './package-paths.ts';
import { drawPicture, inspectAnswer } from './picture-service.ts';
import { growFleet, type PreparedRun, prepareRun } from './prepare-run.ts';
import { Recording } from './recording.ts';
import { redactedError, redactedOutput } from './redacted-output.ts';
import { counted, scenarioText, warmUpText } from './scenario-text.ts';

/** `stressrun check <script>`: type-check, bundle, resolve and print the plan, run every task once. @returns 0, or the code of what is wrong */
export async function checkScript(input: CheckScriptInput): Promise<number> {
  const { flags } = input;
  const redactor = new Redactor();
  const output = redactedOutput(input.output, redactor);
  let recording: Recording | undefined;
  let prepared: PreparedRun | undefined;
  const onEvent = (worker: number, event: WorkerEvent): void => {
    if (event.type === 'snapshot') recording?.take(worker, event);
    else if (event.type === 'log') output.note(plainText(prepared?.mapper.mapStack(redactor.text(event.text)) ?? event.text));
    else if (event.type === 'inspect') void inspectAnswer(fleet, worker, event);
    else if (event.type === 'draw') void drawPicture(fleet, worker, { event, loader: prepared?.loader });
  };
  const fleet = new Fleet({ workerFile: PACKAGE.workerFile, onEvent });
  input.signals.onStop(() => fleet.close());
  try {
    prepared = await prepareRun({ ...flags, workers: '1' }, fleet, redactor);
    const areTypesGood = await checkTypes(prepared.plan.scriptPath, output);
    output.result(planText(prepared));
    recording = new Recording(prepared.mapper);
    const areTasksGood = await runTasks(prepared, { fleet, recording, output });
    output.result(areTypesGood && areTasksGood ? '\nAll good.\n' : '\nNot good yet: see above.\n');
    if (!areTypesGood) return EXIT.badInput;
    return areTasksGood ? 0 : EXIT.scriptThrew;
  } catch (error) {
    throw redactedError(error, redactor);
  } finally {
    fleet.close();
    prepared?.target?.close();
  }
}

async function checkTypes(scriptPath: string, output: RunOutput): Promise<boolean> {
  const result = await typeCheck(scriptPath);
  if (result.kind === 'unavailable') {
    output.result(`Types       not checked: ${result.message}\n`);
    return true;
  }
  output.result(
    `Types       ${result.findings.length === 0 ? 'good' : `${result.findings.length} to mend`} (TypeScript ${result.typescriptVersion})\n`,
  );
  for (const finding of result.findings) output.result(`${finding.text}\n`);
  return result.findings.length === 0;
}

function planText({ plan, environment, taskNames, bundle }: PreparedRun): string {
  const lines = [
    `Script      ${plan.scriptPath} (${counted(bundle.inputs.length, 'file')}, ${Math.round(bundle.code.length / 1024)} KiB)`,
    `Target      ${environment.baseUrl} (environment ${environment.name})`,
    ...plan.scenarios.map((scenario) => `Scenario    ${scenario.name}: ${scenarioText(scenario)}`),
    `Warm-up     ${warmUpText(plan.warmUp)}`,
    `Tasks       ${taskNames.length === 0 ? 'no mix' : taskNames.join(', ')}`,
    ...plan.thresholds.map((threshold, i) => `${i === 0 ? 'Thresholds' : '          '}  ${threshold.expression}  (${threshold.source})`),
    ...plan.notes.map((note) => `Note        ${note}`),
    `Seed        ${plan.seed}`,
  ];
  return `${lines.join('\n')}\n`;
}

/** Runs setup() and every task (or the default function) once. */
async function runTasks(run: PreparedRun, what: { fleet: Fleet; recording: Recording; output: RunOutput }): Promise<boolean> {
  const { fleet, recording, output } = what;
  const problem = await checkHealth(run.plan.healthCheck, run.environment, {
    version: PACKAGE.version,
    isStopped: () => false,
    onWait: (reason) => output.note(`waiting for the target: ${reason}`),
  });
  output.result(`Health      ${problem ?? 'good'}\n`);
  await growFleet(fleet, run);
  const worker = fleet.workers[0] as number;
  fleet.scenarioNames = run.settings.scenarios;
  const [prepared] = await fleet.askAll(
    { type: 'prepare', scenarios: [], settings: run.settings, hasVuTeardown: false, environment: run.environment },
    'prepared',
  );
  if (prepared?.error) throw new ScriptError(run.mapper.renderScriptError(prepared.error));
  const call = async (kind: 'setup' | 'teardown' | 'task', name: string): Promise<string> => {
    const ended = await fleet.ask(worker, { type: 'hook', token: 0, kind, name }, 'hookEnded');
    if (!ended.isOk) throw new ScriptError(`${name}() threw\n${run.mapper.renderScriptError(ended.text)}`);
    return ended.text;
  };
  const json = run.exportNames.includes('setup') ? await call('setup', 'setup') : '';
  await fleet.askAll({ type: 'data', json, vuSetup: false }, 'prepared');
  const names = run.taskNames.length > 0 ? run.taskNames : [...new Set(run.plan.scenarios.map((scenario) => scenario.exec))];
  let areAllGood = problem === undefined;
  for (const name of names) areAllGood = (await oneTask(name, { call, recording, output, mapper: run.mapper })) && areAllGood;
  if (run.exportNames.includes('teardown')) await call('teardown', 'teardown');
  return areAllGood;
}

async function oneTask(
  name: string,
  what: { call: (kind: 'task', name: string) => Promise<string>; recording: Recording; output: RunOutput; mapper: PreparedRun['mapper'] },
): Promise<boolean> {
  const { call, recording, output } = what;
  const before = { failed: failedRequests(recording), checks: failedChecks(recording) };
  try {
    await call('task', name);
  } catch (error) {
    output.result(`Task        ✗ ${name}\n${(error as Error).message}\n`);
    return false;
  }
  const [failed, checks] = [failedRequests(recording) - before.failed, failedChecks(recording) - before.checks];
  const words = [failed > 0 ? counted(failed, 'failed request') : '', checks > 0 ? counted(checks, 'failed check') : ''].filter(
    (word) => word !== '',
  );
  output.result(`Task        ${words.length === 0 ? '✓' : '✗'} ${name}${words.length === 0 ? '' : `: ${words.join(', ')}`}\n`);
  return words.length === 0;
}

function failedRequests({ store }: Recording): number {
  return store.rate('http_req_failed')?.passes ?? 0;
}

function failedChecks({ store }: Recording): number {
  const checks = store.rate('checks');
  return checks === undefined ? 0 : checks.count - checks.passes;
}
