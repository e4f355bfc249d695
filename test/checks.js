// npm run check, before the tests: format, lint, types and dead code, as many side by side as there are cores. What one says is printed when it has ended.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

const TOP = resolve(import.meta.dirname, '..');
const { scripts } = JSON.parse(readFileSync(join(TOP, 'package.json'), 'utf8'));

/** The longest first: `npm run lint` and `npm run typecheck` say what they are. */
const waiting = [scripts.lint, scripts.typecheck, 'knip'].flatMap((script) => script.split(' && ')).sort(byLength);
const results = [];

function byLength(one, other) {
  const rank = (command) => ['eslint .', 'tsc -p tsconfig.json'].indexOf(command) >>> 0;
  return rank(one) - rank(other);
}

function run(command) {
  const beganAtMs = performance.now();
  const env = { ...process.env, PATH: `${join(TOP, 'node_modules/.bin')}:${process.env.PATH}` };
  const child = spawn(command, { cwd: TOP, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (part) => (text += part));
  return new Promise((settle) => {
    child.once('close', (exitCode) => {
      const isGood = exitCode === 0;
      process.stdout.write(
        `${isGood ? '✓' : '✗'} ${command} (${Math.round((performance.now() - beganAtMs) / 1_000)} s)\n${isGood ? '' : text}`,
      );
      results.push({ command, isGood });
      settle();
    });
  });
}

async function runNext() {
  for (let command = waiting.shift(); command !== undefined; command = waiting.shift()) await run(command);
}

await Promise.all(Array.from({ length: availableParallelism() }, runNext));
const failed = results.filter(({ isGood }) => !isGood);
if (failed.length > 0) {
  process.stdout.write(`\nfailed: ${failed.map(({ command }) => command).join(', ')}\n`);
  process.exitCode = 1;
}
