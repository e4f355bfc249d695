import type { ScriptBundle } from '../bundle/bundle-script.ts';
import type { StackMapper } from '../bundle/stack-mapper.ts';
import { COPIED_BYTES_MAX } from '../cluster/shared-bytes.ts';
import type { ScriptFacts } from '../config/script-facts.ts';
import { ConfigError, EXIT, ScriptError } from '../core/errors.ts';
import type { ScriptDeclaration } from '../core/guest-settings.ts';
import type { ModuleError } from '../core/mailbox.ts';
import type { MetricType, MetricUnit } from '../core/records.ts';
import type { Redactor } from '../core/redactor.ts';
import type { Fleet } from './fleet.ts';
import type { AnswerLoader, LoadedAnswer } from './loaded-answers.ts';

/** A script that always asks for something new would never end. */
const PASSES_MAX = 500;
/** Of the call of something that is loaded, characters. */
const CALL_SHOWN = 60;

/**
 * Runs module level of the script as VU 0 in a hardened worker. What it asks for and is not there yet is loaded, then it runs again,
 * until nothing is missing. `onIdle`: the worker has nothing to do while the first things are loaded.
 * @returns what the script declares, and everything that was loaded
 * @throws {ScriptError} with the TypeScript frames when module level throws; {ConfigError} when something cannot be loaded
 */
export async function initPass(
  fleet: Fleet,
  what: { worker: number; loader: AnswerLoader; mapper: StackMapper; redactor: Redactor; onStep(step: string): void; onIdle(): void },
): Promise<{ declaration: ScriptDeclaration; answers: LoadedAnswer[] }> {
  const answers = new Map<string, LoadedAnswer>();
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const { needs, declaration, error } = await fleet.ask(what.worker, { type: 'evaluate' }, 'evaluated');
    if (error !== null) throw moduleLevelError({ ...error, text: what.redactor.text(error.text) }, what.mapper);
    if (declaration !== null) return { declaration, answers: [...answers.values()] };
    if (pass === 0) what.onIdle();
    what.onStep(`loading what the script asks for: ${needs.map(callOf).join(', ')}`);
    const loaded = await Promise.all(needs.map((key) => what.loader.load(key)));
    const held = loaded.map((answer) => withShared(answer, fleet));
    for (const answer of held) answers.set(answer.key, answer);
    fleet.send(what.worker, answersMessage(held));
  }
  throw new ConfigError('module level', `expected at most ${PASSES_MAX} different image and data calls; got more`);
}

/** Nobody in this process needs the bytes of a shared picture again. */
function withShared(answer: LoadedAnswer, fleet: Fleet): LoadedAnswer {
  const { pool } = answer;
  if (pool === undefined || pool.pictures.reduce((sum, { bytes }) => sum + bytes.length, 0) <= COPIED_BYTES_MAX) return answer;
  const pictures = pool.pictures.map((picture) =>
    Buffer.isBuffer(picture.bytes) ? { ...picture, bytes: fleet.share(picture.bytes) ?? picture.bytes } : picture,
  );
  return { ...answer, pool: { ...pool, pictures } };
}

/** `image.pool:{…}` → `image.pool {…}`. */
function callOf(key: string): string {
  return key.replace(':', ' ').slice(0, CALL_SHOWN);
}

/** What workers are sent of what was loaded. */
export function answersMessage(answers: readonly LoadedAnswer[]) {
  return {
    type: 'answers' as const,
    answers: answers.map(({ key, json }): [string, string] => [key, json]),
    pools: answers.flatMap(({ pool }) => (pool === undefined ? [] : [pool])),
  };
}

function moduleLevelError({ kind, text }: ModuleError, mapper: StackMapper): ScriptError {
  const rendered = mapper.renderScriptError(text);
  // tasks and weights that do not fit are bad input, not a fault of the script's logic
  return kind === 'badInput'
    ? new ScriptError(rendered.replace(/^MixError: /, ''), { exitCode: EXIT.badInput })
    : new ScriptError(`the script threw at module level\n${rendered}`);
}

/** A declaration as the plan wants it. */
export function factsOf(bundle: ScriptBundle, declaration: ScriptDeclaration): ScriptFacts {
  return {
    exportNames: [...new Set([...declaration.exportNames, ...(bundle.exportNames ?? []).filter((name) => name === 'options')])],
    options: declaration.options,
    metrics: declaration.metrics.map(({ name, type, unit }) => ({
      name,
      type: type as MetricType,
      unit: (unit === 'time' || unit === 'data' ? unit : 'default') as MetricUnit,
    })),
    taskNames: declaration.taskNames,
    taskWeights: declaration.taskWeights,
    isTaskListComplete: true,
    code: bundle.code,
  };
}
