import { typeCheck } from '../bundle/type-check.ts';
import { EXIT } from '../core/errors.ts';
import { Redactor } from '../core/redactor.ts';
import { plainText } from '../report/plain-text.ts';
import { Fleet, type WorkerEvent } from '../run/fleet.ts';
import { localWorkers } from '../run/local-workers.ts';
import type { RunOutput } from '../run/output.ts';
import { drawPicture, inspectAnswer } from '../run/picture-service.ts';
import { type PreparedRun, prepareRun } from '../run/prepare-run.ts';
import { redactedError, redactedOutput } from '../run/redacted-output.ts';
import { counted, scenarioText, warmUpText } from '../run/scenario-text.ts';
import { lostText, replacedText, unawaitedText } from '../run/script-voice.ts';
import { CheckedTasks } from './checked-tasks.ts';
import type { CheckScriptInput } from './inputs.ts';

/** As workers write a request and its answer for people. */
function isExchange(text: string): boolean {
  return /^> [A-Z]+ /.test(text);
}

/** `stressrun check <script>`: type-check, bundle, resolve and print the plan, run every task once. @returns 0, or the code of what is wrong */
export async function checkScript(input: CheckScriptInput): Promise<number> {
  const { flags } = input;
  const redactor = new Redactor();
  const output = redactedOutput(input.output, redactor);
  let prepared: PreparedRun | undefined;
  let tasks: CheckedTasks | undefined;
  const tell = (text: string): void => output.note(plainText(prepared?.mapper.mapStack(redactor.text(text)) ?? redactor.text(text)));
  const onEvent = (worker: number, event: WorkerEvent): void => {
    if (event.type === 'snapshot') tasks?.recording.take(worker, event);
    else if (event.type === 'lost') tasks?.lose(lostText(event, prepared?.mapper));
    else if (event.type === 'unawaited') tell(unawaitedText(event.where, prepared?.mapper));
    else if (event.type === 'replaced') tell(replacedText(event.header));
    else if (event.type === 'log' && !(isExchange(event.text) && tasks?.keep(event.text, flags.httpDebug !== undefined) === true))
      tell(event.text);
    else if (event.type === 'inspect') void inspectAnswer(fleet, worker, event);
    else if (event.type === 'draw') void drawPicture(fleet, worker, { event, loader: prepared?.loader });
  };
  const fleet = new Fleet({ bus: localWorkers(input.around.variables), onEvent });
  input.signals.onStop(() => fleet.close());
  try {
    prepared = await prepareRun({ ...flags, workers: '1', httpDebug: flags.httpDebug ?? 'all' }, { fleet, redactor, around: input.around });
    const areTypesGood = await checkTypes(prepared.plan.scriptPath, output);
    output.result(planText(prepared));
    tasks = new CheckedTasks(prepared, { fleet, output, signals: input.signals });
    const wrong = [...(areTypesGood ? [] : ['types']), ...(await tasks.run())];
    const areTasksGood = wrong.every((what) => what === 'types');
    output.result(wrong.length === 0 ? '\nAll good.\n' : `\nNot good yet: ${wrong.join(', ')}.\n`);
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
