// How the two halves of a worker are bundled: used by build.js, and by tests that build one of them anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { transformer } from 'vm2/lib/transformer.js';

const top = resolve(import.meta.dirname, '../..');
const common = { bundle: true, legalComments: 'none', logLevel: 'warning' };

/**
 * What is another text in the vm2 of a worker. By file: the text, what stands in its place, how often it is there.
 *
 * vm2 has places where it makes an async generator by evaluating a text, inside a `try` that swallows the error. Where no code may be made
 * from texts, as in our workers, what it does with the generator is silently left out: as syntax it is done.
 *
 * It gives each `new Promise` and each `.then()` of a script a handler that hides a rejection, lest one end the process. The worker listens for
 * rejections and looks at none of them, so it needs no such thing, and whoever wrote the script needs to hear of his error.
 */
const OTHERWISE = {
  'bridge.js': [["eval('(async function*() {})')", '(async function*() {})', 1]],
  // bridge.js again, and setup-sandbox.js, as texts for the sandbox's own realm
  'sources.js': [
    ["eval('(async function*() {})')", '(async function*() {})', 1],
    ["localEval('(async function*(){})()')", '(async function*(){})()', 1],
    ['apply(globalPromisePrototypeThen, this, [undefined, localPromiseSwallow]);', '', 1],
  ],
};

/** The vm2 of a worker. The build fails when vm2 is no longer as this knows it. */
const adaptedVm2 = {
  name: 'adapted-vm2',
  setup(build) {
    build.onLoad({ filter: /[\\/]vm2[\\/]lib[\\/](bridge|sources)\.js$/ }, ({ path }) => {
      const name = path.split(/[\\/]/).at(-1);
      let contents = readFileSync(path, 'utf8');
      for (const [text, other, count] of OTHERWISE[name]) {
        const parts = contents.split(text);
        if (parts.length - 1 !== count)
          return { errors: [{ text: `vm2's ${name} has ${text} ${parts.length - 1} times, not ${count}: see "vm2" in SECURITY.md` }] };
        contents = parts.join(other);
      }
      return { contents, loader: 'js' };
    });
  },
};

/** Of undici only the client: all the rest of it, a browser's fetch and sockets, is four fifths of its code, and loaded at every start. */
export const clientOfUndici = {
  name: 'client-of-undici',
  setup(build) {
    build.onResolve({ filter: /^undici$/ }, ({ resolveDir }) => ({
      path: 'undici',
      namespace: 'client-of-undici',
      pluginData: resolveDir,
    }));
    build.onLoad({ filter: /.*/, namespace: 'client-of-undici' }, ({ pluginData }) => ({
      contents: "import Client from 'undici/lib/dispatcher/client.js'; export { Client };",
      resolveDir: pluginData,
    }));
  },
};

/**
 * Has vm2 go through the guest half once, here: what it puts in is the same each time, and to parse the whole text for it is most of what a worker would do before
 * it can take a script. The first line tells the worker so; scripts it goes through itself.
 */
const seenByVm2 = {
  name: 'seen-by-vm2',
  setup(build) {
    build.onEnd(({ outputFiles, errors }) => {
      if (errors.length > 0) return;
      const [built] = outputFiles ?? [];
      const seen = (text) => `${SEEN_BY_VM2}\n${transformer(null, text, false, false, 'stressrun-guest.js').code}`;
      if (built !== undefined) built.contents = Buffer.from(seen(built.text));
      else writeFileSync(guestOptions.outfile, seen(readFileSync(guestOptions.outfile, 'utf8')));
    });
  },
};

/** As `runtime/sandbox/vm2-engine.ts` knows it. */
const SEEN_BY_VM2 = '/* seen by vm2 */';

/** The worker: one CommonJS file with everything inside, so that the permission model can allow it to read exactly that file. */
export const workerOptions = {
  ...common,
  entryPoints: [resolve(top, 'runtime/worker/main.ts')],
  outfile: resolve(top, 'dist/worker.cjs'),
  format: 'cjs',
  platform: 'node',
  target: 'node20',
  packages: 'bundle',
  external: ['typescript', 'coffee-script'], // vm2 would compile with them; we hand it JavaScript
  define: { 'import.meta.url': 'undefined' },
  minifyWhitespace: true, // a third less to read
  lineLimit: 200, // Node shows the line of an error that ends it
  plugins: [adaptedVm2, clientOfUndici],
};

/** The guest half: text that the worker evaluates inside the sandbox. */
export const guestOptions = {
  ...common,
  entryPoints: [resolve(top, 'runtime/guest/index.ts')],
  outfile: resolve(top, 'dist/guest.js'),
  format: 'iife',
  globalName: '__stressrunGuest',
  platform: 'neutral',
  target: 'es2022',
  supported: { 'async-generator': false }, // as in scripts: see bundle-script.ts
  plugins: [seenByVm2],
};
