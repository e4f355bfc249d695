// The image's first process: stressrun itself, in this process, so that signals reach it and its exit code is the container's.
// `docker run IMAGE predict.ts …` finds scripts/predict.ts: a script may be named without its folder.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const [first, ...rest] = process.argv.slice(2);
const inScripts = first === undefined ? '' : join('scripts', first);
const isShort = first !== undefined && /\.[cm]?[jt]s$/.test(first) && !existsSync(first) && existsSync(inScripts);
if (isShort) process.argv.splice(2, rest.length + 1, inScripts, ...rest);

await import('./dist/main.js');
