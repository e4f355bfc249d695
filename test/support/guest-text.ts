import { build } from 'esbuild';
import { guestOptions } from '../../runtime/bundle/worker-build.js';

let built: Promise<string> | undefined;

/** The guest half as a worker gets it, bundled from the sources; once per test file. */
export function guestText(): Promise<string> {
  built ??= build({ ...guestOptions, write: false }).then(({ outputFiles }) => outputFiles?.[0]?.text ?? '');
  return built;
}
