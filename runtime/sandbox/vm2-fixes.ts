import { type VM, VMScript } from 'vm2';

/**
 * Fixes of vm2 that it installs by evaluating a text, and so, without a word, not at all where that is forbidden: here, unless the worker
 * was built as `../bundle/worker-build.js` says. By name: whether it is in place, as an expression over `shared`, the prototype of all
 * async generators of the sandbox, and of the host `foreign`, that of async generator functions, and `foreignMaker`, their constructor.
 */
const FIXES: Readonly<Record<string, string>> = {
  'what comes out of async generators is cleaned': `['next', 'return', 'throw'].every((name) => !isNative(shared[name]))`,
  "the host's async generators cannot make code": `typeof foreignMaker !== 'function'`,
  "the host's async generators cannot be changed": `isRefused(() => { foreign.stressrunMark = 1; }) && !('stressrunMark' in foreign)`,
};

/** Also freezes what only the syntax of async generators reaches: scripts and the guest half come without it, so nobody else here can. */
const PROBE = `(() => {
  const foreign = __stressrunForeign, foreignMaker = __stressrunForeignMaker;
  delete globalThis.__stressrunForeign;
  delete globalThis.__stressrunForeignMaker;
  const own = async function* () { yield 0; };
  const shared = Object.getPrototypeOf(Object.getPrototypeOf(own()));
  const isNative = (value) => Function.prototype.toString.call(value).includes('[native code]');
  const isRefused = (act) => { try { act(); return false; } catch (refused) { return true; } };
  const missing = [${Object.entries(FIXES).map(([name, look]) => `[${JSON.stringify(name)}, () => ${look}]`)}]
    .filter(([, isInPlace]) => !isInPlace()).map(([name]) => name);
  for (const object of [Object.getPrototypeOf(own), shared, Object.getPrototypeOf(shared)]) Object.freeze(object);
  return missing.join('\\n');
})()`;

/** Which of vm2's fixes are not in place in this VM; none, in a worker as it is built. To be asked before any other code runs in it. */
export function missingFixesOf(vm: VM): string[] {
  const foreign = Object.getPrototypeOf(async function* () {
    yield 0;
  }) as object;
  vm.setGlobal('__stressrunForeign', foreign);
  vm.setGlobal('__stressrunForeignMaker', foreign.constructor);
  const missing: unknown = vm.run(new VMScript(PROBE, 'stressrun-fixes.js'));
  Reflect.deleteProperty(foreign, 'stressrunMark');
  return typeof missing === 'string' ? missing.split('\n').filter((name) => name !== '') : Object.keys(FIXES);
}
