import { PACKAGE } from '../core/package-files.ts';

/** `stressrun 0.2.0 (node v20.20.2, linux x64)`. */
export function versionLine(): string {
  return `stressrun ${PACKAGE.version} (node ${process.version}, ${process.platform} ${process.arch})`;
}
