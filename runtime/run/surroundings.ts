import { join, resolve } from 'node:path';
import type { RunTestInput } from './output.ts';

/** A path as it was typed where that says the same, so that messages show what somebody wrote. */
export function placedIn(folder: string, path: string): string {
  return resolve(path) === resolve(folder, path) ? path : join(folder, path);
}

/** The input with every file that is written where it belongs. */
export function placed(input: RunTestInput): RunTestInput {
  const at = (path: string): string => placedIn(input.around.folder, path);
  const { runDir, jsonPath, summaryExportPath, flags, reports = {} } = input;
  const files = (['html', 'csv', 'junit', 'markdown'] as const).flatMap((name) => {
    const path = reports[name];
    return path === undefined ? [] : [[name, at(path)]];
  });
  return {
    ...input,
    flags: { ...flags, script: at(flags.script) },
    runDir: at(runDir),
    ...(jsonPath === undefined ? {} : { jsonPath: at(jsonPath) }),
    ...(summaryExportPath === undefined ? {} : { summaryExportPath: at(summaryExportPath) }),
    reports: { ...reports, ...Object.fromEntries(files) },
  };
}
