/**
 * What the sandbox passes to a script's factory, in this order: the pick of the API, then the globals of this VU, which shadow the VM's.
 * `__sr(name)` answers with the member of the script API of that name.
 */
export const FACTORY_PARAMETERS = [
  '__sr',
  'globalThis',
  'global',
  'self',
  'window',
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'clearInterval',
  'queueMicrotask',
  'console',
  'URL',
  'URLSearchParams',
  'TextEncoder',
  'TextDecoder',
  'crypto',
  'atob',
  'btoa',
  'performance',
  'structuredClone',
  'Date',
  // The language itself: a global of a vm context is looked up by a call into C++ (0.13 µs), a parameter is not.
  'Object',
  'Array',
  'Function',
  'String',
  'Number',
  'Boolean',
  'Symbol',
  'BigInt',
  'Math',
  'JSON',
  'Reflect',
  'RegExp',
  'Promise',
  'Map',
  'Set',
  'WeakMap',
  'WeakSet',
  'Error',
  'TypeError',
  'RangeError',
  'SyntaxError',
  'ArrayBuffer',
  'DataView',
  'Uint8Array',
  'Int32Array',
  'Float64Array',
  'Intl',
  'parseInt',
  'parseFloat',
  'isNaN',
  'isFinite',
  'encodeURIComponent',
  'decodeURIComponent',
  'encodeURI',
  'decodeURI',
] as const;

/** Name of the evaluated text in the sandbox's stacks. A name that looks like a path of the host would be hidden by vm2. */
export const SCRIPT_FILE = 'scenario.js';

/** Lines of {@link wrapFactory}'s text before the first of the bundle. */
export const FACTORY_LINE_OFFSET = 1;

/** The variable in which the bundle leaves the script's exports. */
export const SCENARIO_NAME = '__scenario';

/** One expression: a function of {@link FACTORY_PARAMETERS} that runs the bundle and returns the script's exports; called once per VU. */
export function wrapFactory(code: string): string {
  return `(function (${FACTORY_PARAMETERS.join(', ')}) { 'use strict';\n${code}\nreturn ${SCENARIO_NAME}; })`;
}
