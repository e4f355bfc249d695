// Builds dist/ with esbuild: the command line tool, the worker, the guest half and the pages of the web UI. Run by `npm ci` through `prepare`.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';

const top = resolve(import.meta.dirname, '..');
const at = (path) => resolve(top, path);
const isIfPossible = process.argv.includes('--if-possible');

const esbuild = await import('esbuild').catch(() => undefined);
if (esbuild === undefined || !existsSync(at('runtime/main.ts'))) {
  if (isIfPossible && existsSync(at('dist/main.js'))) process.exit(0); // an installed package: already built
  console.error('stressrun: cannot build: esbuild or the sources are missing; run `npm ci` in a clone of the repository');
  process.exit(isIfPossible ? 0 : 1);
}

// not above: a package as it is installed is already built and has no use for it
const { workerOptions, guestOptions, clientOfUndici } = await import('./bundle/worker-build.js');
const { leanPackages } = await import('./bundle/lean-packages.js');
const { licenseTextOf } = await import('./bundle/licenses.js');

const common = { bundle: true, platform: 'node', target: 'node20', logLevel: 'warning', legalComments: 'none' };

/**
 * The coordinator: ESM, split so that heavy parts (sharp, esbuild) load only when a command needs them. What every run needs of packages is inside: hundreds of
 * files to look for, open and read would be half a second of each start. Outside stay what brings binaries, and what few runs need.
 */
const main = {
  ...common,
  entryPoints: { main: at('runtime/main.ts'), target: at('runtime/target/main.ts') },
  outdir: at('dist'),
  format: 'esm',
  splitting: true,
  packages: 'bundle',
  external: ['esbuild', 'sharp', '@opentelemetry/*', 'typescript'],
  banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  minifyWhitespace: true, // half as much to read
  lineLimit: 200, // Node shows the line of an error that ends it
  plugins: [clientOfUndici, leanPackages],
  chunkNames: 'chunks/[name]-[hash]',
};

/** The pages of the web UI. Their addresses are relative, so that they work below any path. */
const pages = {
  ...common,
  entryPoints: [
    { in: at('runtime/ui/main.tsx'), out: 'app' },
    { in: at('runtime/ui/styles/app.css'), out: 'app' },
    { in: at('runtime/ui/index.html'), out: 'index' },
    { in: at('runtime/ui/icon.svg'), out: 'icon' },
  ],
  outdir: at('dist/ui'),
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  loader: { '.html': 'copy', '.svg': 'copy' },
  tsconfig: at('runtime/ui/tsconfig.json'),
};

/** What report.html carries inside: its script and its style. */
const reportPage = {
  ...common,
  entryPoints: { 'report-page': at('runtime/report-page/main.ts'), 'report-page-style': at('runtime/report-page/page.css') },
  outdir: at('dist'),
  format: 'iife',
  platform: 'browser',
  target: 'es2022',
  minify: true,
  tsconfig: at('runtime/report-page/tsconfig.json'),
};

const all = [main, workerOptions, guestOptions, pages, reportPage];
if (process.argv.includes('--watch')) {
  for (const options of all) await (await esbuild.context(options)).watch();
} else {
  rmSync(at('dist'), { recursive: true, force: true });
  const built = await Promise.all(all.map((options) => esbuild.build({ ...options, absWorkingDir: top, metafile: true })));
  const text = licenseTextOf(
    built.map(({ metafile }) => metafile),
    top,
  );
  writeFileSync(at('dist/THIRD-PARTY-LICENSES'), text);
}
