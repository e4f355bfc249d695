import { cpSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { workerOptions } from '../../runtime/bundle/worker-build.js';
import { REPOSITORY } from './cli.ts';
import { temporaryFolder } from './project.ts';

/** The program as it is built, but for its worker, which is bundled with other options. @returns its main file */
export async function buildWithWorker(options: Partial<BuildOptions>): Promise<string> {
  const folder = temporaryFolder();
  cpSync(join(REPOSITORY, 'dist'), join(folder, 'dist'), { recursive: true });
  cpSync(join(REPOSITORY, 'package.json'), join(folder, 'package.json'));
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  await build({ ...workerOptions, ...options, outfile: join(folder, 'dist', 'worker.cjs') });
  return join(folder, 'dist', 'main.js');
}
