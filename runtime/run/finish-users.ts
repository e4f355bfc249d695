import { ClusterError, ScriptError } from '../core/errors.ts';
import type { Fleet } from './fleet.ts';

const PATIENCE_MS = 15_000;

/**
 * vuTeardown() of all users. The load is over and will be in the report, so what was not ended is noted.
 * @param render - a stack of the sandbox as people read it
 * @throws {ScriptError} when it ran away or threw, of all users the first
 */
export async function finishUsers(
  fleet: Pick<Fleet, 'workers' | 'askWithin'>,
  { onNote, render }: { onNote: (text: string) => void; render: (stack: string) => string },
): Promise<void> {
  const ends = await Promise.allSettled(
    fleet.workers.map((worker) => fleet.askWithin(worker, { type: 'finish' }, 'finished', PATIENCE_MS)),
  );
  const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as unknown] : []));
  for (const reason of reasons) if (!(reason instanceof ClusterError)) throw reason;
  for (const reason of reasons) onNote(`${(reason as ClusterError).message}: the load was over, but not vuTeardown() of its users`);
  if (ends.some((end) => end.status === 'fulfilled' && end.value === undefined))
    onNote(`vuTeardown() had not ended in every user after ${PATIENCE_MS / 1_000} s, and was waited for no longer`);
  const ended = ends.flatMap((end) => (end.status === 'fulfilled' && end.value !== undefined ? [end.value] : []));
  const first = ended.filter(({ error }) => error !== null).toSorted((a, b) => a.failedVu - b.failedVu)[0];
  if (first?.error == null) return;
  const failures = ended.reduce((sum, each) => sum + each.failures, 0);
  const others = failures > 1 ? `, and of ${failures - 1} more,` : '';
  throw new ScriptError(`vuTeardown() of VU ${first.failedVu + 1}${others} threw\n${render(first.error)}`);
}
