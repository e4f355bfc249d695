import type { Writable } from 'node:stream';
import { EXIT } from '../core/errors.ts';

/** A reader that goes away (`stressrun … | head`) must not end a load test: the rest is written to nobody, the exit code still tells. @returns what else went wrong with it */
export function surviveClosedPipe(stream: Writable): { failure: NodeJS.ErrnoException | undefined } {
  const seen: { failure: NodeJS.ErrnoException | undefined } = { failure: undefined };
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // a terminal that was closed and a reader that went away are nobody's loss; a full disk is
    if (!['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '')) seen.failure ??= error;
  });
  return seen;
}

/** Resolves when what was written has left, or cannot. */
export function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

/** A result that never left is no 0. @param written - of stdout, as {@link surviveClosedPipe} gave it */
export function exitCodeAfter(exitCode: number, written: ReturnType<typeof surviveClosedPipe>, stderr: Pick<Writable, 'write'>): number {
  if (written.failure === undefined) return exitCode;
  stderr.write(`stressrun: what belongs on stdout could not be written: ${written.failure.message}\n`);
  return exitCode === EXIT.passed ? EXIT.unkept : exitCode;
}
