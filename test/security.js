// npm run test:security: the whole battery of hostile scripts, answers, input and moments, in the numbers of the proof rather than those of
// every day. About 40 minutes on two cores, nearly all of them for `kill -9`; --quick keeps the numbers of every day. With --node=PATH --only=canaries the canaries run on another Node. Tables are printed as it goes.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const TOP = resolve(import.meta.dirname, '..');
const FILES = {
  unit: [
    'unit/fuzz',
    'unit/sandbox',
    'unit/bundle/script-language',
    'unit/cluster',
    'unit/messages',
    'unit/guest/isolation',
    'unit/net/address-policy',
    'unit/net/failures',
    'unit/net/http1',
    'unit/config/production-guard',
  ],
  e2e: ['e2e/canaries', 'e2e/drill', 'e2e/sandbox', 'e2e/secrets', 'e2e/address-policy', 'e2e/hostile-answers', 'e2e/runaway', 'e2e/kill'],
};
/** `--node=PATH`: what is tested runs on another Node, where a file starts the program; `--only=PART`: the files whose names have it. */
const option = (name) => process.argv.find((each) => each.startsWith(`--${name}=`))?.split('=')[1];
const NODE = option('node');
const isMeant = (file) => file.includes(option('only') ?? '') && (NODE === undefined || file.startsWith('e2e/'));
const NUMBERS = process.argv.includes('--quick') ? {} : { STRESSRUN_FUZZ: '10000', STRESSRUN_KILLS: '200' };

const rows = Object.entries(FILES).flatMap(([project, files]) =>
  files.filter(isMeant).map((file) => {
    const beganAtMs = performance.now();
    const args = [resolve(TOP, 'node_modules/vitest/vitest.mjs'), 'run', '--project', `${project}*`, `test/${file}`];
    const { status } = spawnSync(process.execPath, args, {
      cwd: TOP,
      stdio: 'inherit',
      env: { ...process.env, ...NUMBERS, ...(NODE === undefined ? {} : { STRESSRUN_NODE: resolve(NODE) }) },
    });
    return { file, isGood: status === 0, seconds: Math.round((performance.now() - beganAtMs) / 1_000) };
  }),
);
process.stdout.write('\nSecurity\n');
for (const { file, isGood, seconds } of rows)
  process.stdout.write(`${isGood ? '✓' : '✗'} ${file.padEnd(30)} ${String(seconds).padStart(6)} s\n`);
process.exitCode = rows.every(({ isGood }) => isGood) ? 0 : 1;
