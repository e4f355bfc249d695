import type { Plugin } from 'esbuild';

/** What `import … from 'stressrun'` may name: the values of `runtime/guest/stressrun.d.ts`. */
export const API_NAMES = [
  'bytes',
  'check',
  'config',
  'data',
  'env',
  'environment',
  'fail',
  'group',
  'http',
  'image',
  'log',
  'metrics',
  'mix',
  'pace',
  'random',
  'scenario',
  'sleep',
  'test',
  'until',
  'vu',
  'wait',
] as const;

/** Namespace of the virtual module; its sources are `stressrun:stressrun` in source maps and messages. */
export const API_NAMESPACE = 'stressrun';
const API_MODULE = 'stressrun';

/** One pick from the factory's first parameter per name: names that the script does not use leave no trace in the bundle. */
const apiText = API_NAMES.map((name) => `export const ${name} = /* @__PURE__ */ ${pickOf(name)};`).join('\n');

/** The text by which a bundle takes `name` from the API. */
export function pickOf(name: (typeof API_NAMES)[number]): string {
  return `__sr("${name}")`;
}

/** Names of modules that lie elsewhere than on this machine, as browsers and Deno know them. */
export const NETWORK_IMPORT = /^(?:https?:)?\/\/|^(?:npm|jsr):/i;

/** Resolves `'stressrun'` to a module in memory, wherever the script lies and whether or not the package is installed there. */
export const scriptApi: Plugin = {
  name: 'stressrun',
  setup(build) {
    build.onResolve({ filter: /^stressrun$/ }, () => ({ path: API_MODULE, namespace: API_NAMESPACE, sideEffects: false }));
    build.onLoad({ filter: /.*/, namespace: API_NAMESPACE }, () => ({ contents: apiText, loader: 'js' }));
    // esbuild would leave them to a browser
    build.onResolve({ filter: NETWORK_IMPORT }, ({ path }) => ({ errors: [{ text: `Could not resolve "${path}"` }] }));
    // esbuild would bundle them, into a second file that nobody reads.
    build.onResolve({ filter: /\.css$/ }, () => ({ errors: [{ text: 'No loader is configured for ".css" files' }] }));
  },
};
