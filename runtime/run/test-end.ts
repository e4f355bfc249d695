import { EXIT } from '../core/errors.ts';
import type { RunJson } from '../core/run-json.ts';

/** What became of a test. */
export type TestEnd =
  /** It has a result. `folder`: where it is kept; undefined: nowhere, and the result says so. */
  | { readonly kind: 'ended'; readonly result: RunJson; readonly folder: string | undefined }
  /** Interrupted, or aborted by the script, before anything was planned: there is nothing to report. */
  | { readonly kind: 'interrupted' | 'aborted' };

/** The exit code is what the result says. */
export function exitCodeOf(end: TestEnd): number {
  return end.kind === 'ended' ? end.result.run.exitCode : EXIT[end.kind];
}
