import { bundleScript, type ScriptBundle } from '../bundle/bundle-script.ts';
import { awaitedLater } from './side-by-side.ts';

/** A script that was begun to be bundled before anybody asked for it. */
let early: { scriptPath: string; bundling: Promise<ScriptBundle> } | undefined;

/** The bundler is a process of its own: it works while the code of the coordinator is still loaded. */
export function bundleEarly(scriptPath: string): void {
  early = { scriptPath, bundling: awaitedLater(bundleScript(scriptPath)) };
}

/** As {@link bundleScript}; what was begun early is taken once. */
export function bundleWanted(scriptPath: string): Promise<ScriptBundle> {
  const found = early;
  early = undefined;
  return found?.scriptPath === scriptPath ? found.bundling : bundleScript(scriptPath);
}
