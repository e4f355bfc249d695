import { resolve } from 'node:path';
import { build } from 'esbuild';

let built: Promise<string> | undefined;

/** The guest half as a worker gets it, bundled from the sources with the options of runtime/build.js; once per test file. */
export function guestText(): Promise<string> {
  built ??= build({
    entryPoints: [resolve(import.meta.dirname, '../../runtime/guest/index.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: '__stressrunGuest',
    platform: 'neutral',
    target: 'es2022',
    legalComments: 'none',
    logLevel: 'warning',
  }).then(({ outputFiles }) => outputFiles[0]?.text ?? '');
  return built;
}
