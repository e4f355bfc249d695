// Takes out of node_modules what never runs in the image: programs for other systems, sources, types, maps and papers.
//   node prune.js node_modules
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

const [folder = 'node_modules'] = process.argv.slice(2);

/** Debian's C library is glibc; sharp and esbuild bring their programs for every one that npm takes for possible. */
const OTHER_SYSTEMS = /(^|[/-])(linuxmusl|darwin|win32|freebsd|wasm32)([-/]|$)/;
/** Read by editors, compilers and debuggers alone. Licences stay. */
const PAPERS = /(\.d\.[cm]?ts|\.map|\.md|\.markdown|\.flow|tsconfig\.json|\.tsbuildinfo)$/i;
const PAPER_FOLDERS = new Set(['test', 'tests', '__tests__', 'example', 'examples', 'benchmark', 'benchmarks', '.github']);

function prune(path, depth) {
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    const isPackage = depth <= 1; // a package may be called "test"
    if (entry.isDirectory()) {
      if ((isPackage && OTHER_SYSTEMS.test(entry.name)) || (!isPackage && PAPER_FOLDERS.has(entry.name)))
        rmSync(inside, { recursive: true });
      else prune(inside, entry.name.startsWith('@') && depth === 0 ? 1 : depth + 1 + (depth === 0 ? 1 : 0));
    } else if (PAPERS.test(entry.name) && !/licen[cs]e/i.test(entry.name)) rmSync(inside);
  }
}

const bytesIn = (path) =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);

const before = bytesIn(folder);
prune(folder, 0);
console.log(`${folder}: ${Math.round(before / 1e6)} MB, ${Math.round(bytesIn(folder) / 1e6)} MB after pruning`);
