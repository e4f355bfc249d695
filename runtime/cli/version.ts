import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** `stressrun 0.2.0 (node v20.20.2, linux x64)`. The package.json is looked for upwards: the sources and the build lie at different depths. */
export function versionLine(): string {
  return `stressrun ${packageVersion(import.meta.dirname)} (node ${process.version}, ${process.platform} ${process.arch})`;
}

function packageVersion(folder: string): string {
  const path = join(folder, 'package.json');
  if (existsSync(path)) {
    const { name, version } = JSON.parse(readFileSync(path, 'utf8')) as { name?: string; version?: string };
    if (name === 'stressrun' && version !== undefined) return version;
  }
  const parent = dirname(folder);
  return parent === folder ? 'of unknown version' : packageVersion(parent);
}
