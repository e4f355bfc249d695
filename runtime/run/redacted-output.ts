import { StressrunError } from '../core/errors.ts';
import type { Redactor } from '../core/redactor.ts';
import type { RunOutput } from './output.ts';

/** An output that shows no credentials, whoever writes to it. */
export function redactedOutput(output: RunOutput, redactor: Redactor): RunOutput {
  return {
    ...output,
    get columns() {
      return output.columns; // a window changes its size
    },
    starting: (step) => output.starting(redactor.text(step)),
    note: (text, as) => output.note(redactor.text(text), as),
    result: (text) => output.result(redactor.text(text)),
  };
}

/** What a command fails with, without credentials: it is told by whoever called. */
export function redactedError(error: unknown, redactor: Redactor): unknown {
  if (error instanceof StressrunError) error.message = redactor.text(error.message);
  return error;
}
