import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** What a bench's TypeScript file beside it exports, built against the sources as they are now. @param name - such as `report-work.ts` */
export async function workOf(name) {
  const outfile = resolve(import.meta.dirname, '..', 'dist', `bench-${process.pid}-${name.replace(/\.ts$/, '.mjs')}`);
  try {
    await build({
      entryPoints: [resolve(import.meta.dirname, name)],
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      packages: 'external',
      outfile,
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(outfile, { force: true });
  }
}
