import { ClusterError, EXIT, EXIT_OWN_FAULT, ScriptError } from '../core/errors.ts';

/** What a worker was doing, as far as can be told from outside. */
export interface Doing {
  /** Such as `VU 17 (scenario checkout, iteration 3)`. */
  readonly place: string;
  /** Whether code of that place was running; otherwise it was the last to run. */
  readonly isScript: boolean;
}

const MB = 1_048_576;
const MEMORY_HINT = 'look for arrays, strings or maps that only grow';
const LOOP_HINT =
  'look for a loop that never ends, or a promise chain that goes round without waiting (an await of something that is already there does not wait)';

const megabytes = (bytes: number): string => `${Math.round(bytes / MB)} MB`;

/**
 * A worker said nothing for too long.
 * @param usedBytes - its memory, where it is filling that
 */
export function stalled(
  worker: number,
  doing: Doing,
  what: { timeoutMs: number; usedBytes: number | undefined },
): ScriptError | ClusterError {
  const seconds = `${what.timeoutMs / 1_000} s`;
  if (!doing.isScript) return new ClusterError(`worker ${worker + 1} did not answer for ${seconds}, and no code of the script was running`);
  const blocked = `${doing.place} blocked its worker: its code ran for more than ${seconds} without waiting for anything`;
  if (what.usedBytes === undefined) return runaway(blocked, LOOP_HINT);
  return runaway(`${blocked}, and was filling its memory: ${megabytes(what.usedBytes)} in use`, MEMORY_HINT);
}

/** A worker said nothing for too long because it could not: it was stopped, or others had the processors. */
export function neverRan(worker: number, { silentMs, hadMs }: { silentMs: number; hadMs: number }): ClusterError {
  return new ClusterError(
    `worker ${worker + 1} did not answer for ${Math.round(silentMs / 1_000)} s, of which it had a processor for ${(hadMs / 1_000).toFixed(1)} s`,
    { hint: 'it was stopped, or something else on the machine took all processors' },
  );
}

/** A worker used more memory than it may. */
export function tooLarge(doing: Doing, bytes: { used: number; max: number }): ScriptError {
  return full(doing, `${megabytes(bytes.used)} in use, ${megabytes(bytes.max)} allowed`);
}

/** A worker found its sandbox wanting and will run no script. That is no fault of a script: it was not built as it must be. */
export function refused(worker: number, missing: readonly string[]): ClusterError {
  return new ClusterError(
    `worker ${worker + 1} runs no script: its sandbox must have all protections of vm2; these are not in place: ${missing.join('; ')}`,
    {
      exitCode: EXIT_OWN_FAULT,
      hint: 'this is a fault of the installation: reinstall stressrun, or in a clone run `npm ci`; see "vm2" in SECURITY.md',
    },
  );
}

const HEAP_IS_FULL = /heap out of memory|Array buffer allocation failed|Allocation failed|out of memory/i;

/** A worker ended by itself. `stderr` is what it said last. */
export function died(worker: number, doing: Doing, how: { how: string; stderr: string; heapMb: number }): ScriptError | ClusterError {
  if (HEAP_IS_FULL.test(how.stderr)) return full(doing, `more than ${how.heapMb} MB of JavaScript heap`);
  const words = how.stderr.trim().split('\n').slice(0, 12).join('\n');
  const message = `worker ${worker + 1} died (${how.how})${words === '' ? '' : `:\n${words}`}`;
  return new ClusterError(message, how.how === 'SIGKILL' ? { hint: 'the system kills processes so when memory runs out' } : {});
}

function full(doing: Doing, how: string): ScriptError {
  const who = doing.isScript
    ? `${doing.place} filled its worker's memory`
    : `the memory of a worker is full, the last to run in it was ${doing.place}`;
  return runaway(`${who}: ${how}`, MEMORY_HINT);
}

function runaway(message: string, hint: string): ScriptError {
  return new ScriptError(message, { exitCode: EXIT.runaway, hint });
}
