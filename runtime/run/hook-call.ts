import { ClusterError, EXIT, ScriptError } from '../core/errors.ts';
import type { ToWorker } from '../messages/messages.ts';
import type { Fleet } from './fleet.ts';

/** What of a script is called once in a run, in the first worker. */
export type RunHook = 'setup' | 'teardown' | 'handleSummary';

const TIMED_OUT: Readonly<Record<RunHook, number>> = {
  setup: EXIT.setupTimedOut,
  teardown: EXIT.teardownTimedOut,
  handleSummary: EXIT.scriptThrew,
};

/**
 * Calls a hook. @param call - `json`: what it is given
 * @param threw - makes the error of what it threw
 * @returns what it returned, as JSON; undefined when it ended the run itself, by test.abort()
 * @throws {ScriptError} when it throws or takes too long, {ClusterError} when the worker that runs it was lost
 */
export async function callHook(
  fleet: Fleet,
  { kind, timeoutUs, json }: { kind: RunHook; timeoutUs: number; json: string | undefined },
  threw: (what: string, stack: string) => ScriptError,
): Promise<string | undefined> {
  if (!fleet.hasWorkerOf(0)) throw new ClusterError(`${kind}() was not called: worker 1, which runs it, was lost`);
  const call: ToWorker = { type: 'hook', kind, name: kind, ...(json === undefined ? {} : { json }) };
  const answer = await fleet.askWithin(fleet.workerOf(0), call, 'hookEnded', timeoutUs / 1000);
  if (answer === undefined)
    throw new ScriptError(`${kind}() did not end within ${timeoutUs / 1_000_000} s`, {
      exitCode: TIMED_OUT[kind],
      hint: `raise ${kind}Timeout in the script's options`,
    });
  if (answer.end === 'interrupted') return undefined;
  if (answer.end !== 'done') throw threw(`${kind}() threw`, answer.text);
  return answer.text;
}
