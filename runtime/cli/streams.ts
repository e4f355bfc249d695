import type { Writable } from 'node:stream';

/** A reader that goes away (`stressrun … | head`) must not end a load test: the rest is written to nobody, the exit code still tells. */
export function surviveClosedPipe(stream: Writable): void {
  stream.on('error', () => undefined);
}

/** Resolves when what was written has left, or cannot. */
export function flushed(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}
