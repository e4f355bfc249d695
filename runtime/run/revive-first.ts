import { ClusterError } from '../core/errors.ts';
import type { ToWorker } from '../messages/messages.ts';
import type { Fleet } from './fleet.ts';
import { addLateWorker, type PreparedRun } from './prepare-run.ts';

/**
 * A worker in the place of the first, which is lost (run away, or died), for teardown() alone: what setup() made is to be removed, whatever
 * became of the load.
 * @throws {ClusterError} when the script cannot be brought up again, {ScriptError} when it hangs
 */
export async function reviveFirst(
  fleet: Fleet,
  run: PreparedRun,
  what: { preparation: Extract<ToWorker, { type: 'prepare' }>; setupJson: string },
): Promise<void> {
  if (fleet.isClosed) throw new ClusterError('teardown() was not called: the workers were ended');
  const worker = await addLateWorker(fleet, 0, run);
  // no users are made: the load is over
  for (const message of [
    { ...what.preparation, scenarios: [], hasVuTeardown: false },
    { type: 'data', json: what.setupJson, vuSetup: false } as const,
  ]) {
    const { error } = await fleet.ask(worker, message, 'prepared');
    if (error !== null) throw new ClusterError(`teardown() was not called: ${error}`);
  }
}
