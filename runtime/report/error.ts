import { inspect } from 'node:util';
import { BugError, StressrunError } from '../core/errors.ts';
import { plainText } from './plain-text.ts';

/**
 * An error as stderr shows it. What a user can mend is its message (with the frames it carries) and a hint;
 * what is our fault, or nobody's we know, comes with its stack and causes.
 */
export function renderError(error: unknown): string {
  if (error instanceof StressrunError && !(error instanceof BugError)) {
    const hint = error.hint === undefined ? '' : `  hint: ${plainText(error.hint)}\n`;
    return `stressrun: ${plainText(error.message)}\n${hint}`;
  }
  const message = error instanceof Error ? error.message : String(error);
  return `stressrun: internal error: ${plainText(message)}\n${plainText(inspect(error, { colors: false }))}\n  This is a bug in stressrun. Please report it with the lines above.\n`;
}
