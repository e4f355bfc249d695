import type { ReportFlags } from '../run/output.ts';
import type { ReportRunInput } from './inputs.ts';
import { namesOf } from './run-flags.ts';
import { given, switchOf, type TypedValues, textOf } from './typed-values.ts';

const RUN_DIR = 'runs';

/** Where runs are kept, and files beside those of the run folder. */
export function keptOf(values: TypedValues): Pick<ReportRunInput, 'runDir' | 'jsonPath' | 'reports'> {
  const files: ReportFlags = given({
    html: textOf(values, 'html'),
    csv: textOf(values, 'csv'),
    isCsvRaw: switchOf(values, 'csv-raw'),
    isCsvFullHistory: switchOf(values, 'csv-full-history'),
    by: namesOf(values, 'by'),
    junit: textOf(values, 'junit'),
    markdown: textOf(values, 'md'),
  });
  const reports = Object.keys(files).length === 0 ? undefined : files;
  return { runDir: runDirOf(values), ...given({ jsonPath: textOf(values, 'json'), reports }) };
}

/** Where run folders are. */
export function runDirOf(values: TypedValues): string {
  return textOf(values, 'run-dir') ?? RUN_DIR;
}
