import { EXIT } from '../core/errors.ts';
import type { StopSignal, StopSignals } from '../run/output.ts';

/** The part of `process` that is needed. */
export interface SignalSource {
  on(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
  off(signal: StopSignal, listener: (signal: StopSignal) => void): unknown;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly StopSignal[];

/** Signals being listened to, until `close`. */
export interface StopListener extends StopSignals {
  /** The command was asked to stop. */
  readonly isStopping: boolean;
  close(): void;
}

/**
 * The first SIGINT, SIGTERM or SIGHUP (a closed terminal) asks the command to stop; the second leaves at once, and so does the first when nobody listens yet.
 * @param options - `leave` ends the process with the given exit code
 */
export function listenForStop(options: {
  source: SignalSource;
  note: (text: string) => void;
  leave: (exitCode: number) => void;
}): StopListener {
  const { source, note, leave } = options;
  const callbacks = new Set<(signal: StopSignal) => void>();
  let isStopping = false;

  const onSignal = (signal: StopSignal): void => {
    if (isStopping || callbacks.size === 0) {
      note(`${signal}: leaving at once`);
      leave(EXIT.interrupted);
      return;
    }
    isStopping = true;
    note(`${signal}: stopping; once more leaves at once`);
    for (const callback of [...callbacks]) callback(signal);
  };
  for (const signal of SIGNALS) source.on(signal, onSignal);
  return {
    get isStopping() {
      return isStopping;
    },
    onStop(callback) {
      callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
    close() {
      for (const signal of SIGNALS) source.off(signal, onSignal);
    },
  };
}
