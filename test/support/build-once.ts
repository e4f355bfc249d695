import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const TOP = resolve(import.meta.dirname, '../..');
/** The build writes it, whatever was built before. */
const BUILT = join(TOP, 'dist', 'main.js');

/** Before all end-to-end tests: what they start is built from the sources as they are now. */
export function setup(): void {
  if (!existsSync(BUILT) || statSync(BUILT).mtimeMs < newestSourceMs()) {
    execFileSync(process.execPath, [join(TOP, 'runtime', 'build.js')], { cwd: TOP, stdio: 'inherit' });
  }
}

function newestSourceMs(): number {
  const sources = readdirSync(join(TOP, 'runtime'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(tsx?|js|css|html|svg)$/.test(name),
  );
  return Math.max(statSync(join(TOP, 'package.json')).mtimeMs, ...sources.map((name) => statSync(join(TOP, 'runtime', name)).mtimeMs));
}
