import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { descendantsOf, survivorsOf } from '../support/processes.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startAtTerminal } from '../support/pseudo-terminal.ts';
import { Screen } from '../support/screen.ts';
import { startTarget } from '../support/target-server.ts';

const CTRL_C = '\x03';
/** Around what a terminal draws at once. */
const [BEGIN_UPDATE, END_UPDATE] = ['\u001b[?2026h', '\u001b[?2026l'];
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal reads
const SYNCHRONIZED = /(\u001b\[\?2026[hl])/;
const SIZE = { columns: 80, rows: 30 };
const GONE_WITHIN_MS = 5_000;

const SCRIPT = `import { http, log, sleep } from 'stressrun';
let iteration = 0;
export default async () => {
  await http.get('/a');
  await http.get('/b', { name: 'the second' });
  if (iteration++ === 2) log.info('third round');
  await sleep(0.2);
};
`;
/** After three rounds nothing ends for a while, not even on request. */
const SLOW = SCRIPT.replace('sleep(0.2)', 'sleep(iteration < 4 ? 0.2 : 25)');
const CONFIG = `warm_up: { requests: 0 }
thresholds: { max_p95: 5s, max_failure_rate: 0% }
`;

async function started(options: { duration: string; script?: string; flags?: string[]; env?: Record<string, string> }) {
  const target = await startTarget({ '/b': { failEveryNth: 2 } });
  const { at } = project({ 'script.ts': options.script ?? SCRIPT, 'config.yaml': CONFIG });
  const flags = ['--base-url', target.url, '--users', '2', '--duration', options.duration, '--workers', '1'];
  return startAtTerminal([at('script.ts'), ...flags, '--run-dir', temporaryFolder(), ...(options.flags ?? [])], {
    size: SIZE,
    ...(options.env === undefined ? {} : { env: options.env }),
  });
}

/** What stands on the terminal in the end. */
function screenOf(output: string): Screen {
  const screen = new Screen(SIZE.columns);
  screen.write(output);
  expect(screen.unknown).toEqual([]);
  return screen;
}

test.concurrent('a run at a terminal has a live view with rates, names and thresholds; in the end only the log and the report stand there', async () => {
  const program = await started({ duration: '4s' });
  await program.shown(/the second +\d+ .*\d%/);
  await program.shown(/✗\S* http_req_failed: rate/);
  const { exitCode, output } = await program.ended;
  expect(exitCode, output).toBe(99);
  for (const seen of ['req/s', 'p99', '▁', 'thresholds', '✓', 'generator', 'script.ts']) expect(output).toContain(seen);
  const { lines, isCursorShown } = screenOf(output);
  expect(isCursorShown).toBe(true);
  const report = lines.findIndex((line) => line.startsWith('====='));
  expect(lines.slice(0, report)).toContain('[info VU 1] third round');
  expect(lines.slice(0, report).filter((line) => /req\/s|generator|thresholds|[▁█░]/.test(line))).toEqual([]);
  expect(lines.join('\n')).toContain('BENCHMARK RESULTS');
});

test.concurrent('the second Ctrl-C leaves at once, takes the view away and gives the cursor back', async () => {
  const program = await started({ duration: '60s', script: SLOW });
  await program.shown(/third round/);
  program.press(CTRL_C);
  await program.shown(/SIGINT: stopping/);
  program.press(CTRL_C);
  const { exitCode, output } = await program.ended;
  expect(exitCode).toBe(105);
  expect(output).toContain('\u001b[?25l');
  const { lines, isCursorShown } = screenOf(output);
  expect(isCursorShown).toBe(true);
  expect(lines).toContain('SIGINT: leaving at once');
  expect(lines.filter((line) => /req\/s|generator|thresholds/.test(line))).toEqual([]);
});

test.concurrent('a crash of the program shows its error below nothing else, and the cursor again', async () => {
  const crash = 'data:text/javascript,process.on(`SIGUSR2`,()=>{throw(new(Error)(`crashed`))})';
  const program = await started({ duration: '60s', env: { NODE_OPTIONS: `--import=${crash}` } });
  await program.shown(/the second/);
  for (const { pid } of descendantsOf(program.pid).slice(0, 1)) process.kill(pid, 'SIGUSR2');
  const { exitCode, output } = await program.ended;
  expect(exitCode).toBe(1);
  expect(output).toContain('thresholds');
  const { lines, isCursorShown } = screenOf(output);
  expect(isCursorShown).toBe(true);
  expect(lines.join('\n')).toContain('Error: crashed');
  expect(lines.filter((line) => /req\/s|generator|thresholds/.test(line))).toEqual([]);
});

test.concurrent('a terminal that is closed ends the run, and no process stays behind', async () => {
  const program = await started({ duration: '60s' });
  await program.shown(/the second/);
  const processes = descendantsOf(program.pid);
  expect(processes.length).toBeGreaterThan(1);
  for (const { pid } of processes.slice(0, 1)) process.kill(pid, 'SIGHUP');
  const { output } = await program.ended;
  expect(screenOf(output).isCursorShown).toBe(true);
  expect(await survivorsOf(processes, GONE_WITHIN_MS)).toEqual([]);
});

test.concurrent.each([
  ['--quiet', { flags: ['--quiet'] }],
  ['TERM=dumb', { env: { TERM: 'dumb' } }],
])('%s has no live view on a terminal either', async (_, options) => {
  const program = await started({ duration: '2s', ...options });
  const { output } = await program.ended;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  expect(output).not.toMatch(/\u001b\[(\?|\d*[ABGK])|[▁█░]/);
  expect(output).toContain('BENCHMARK RESULTS');
});

test.concurrent('NO_COLOR leaves the live view without colors', async () => {
  const program = await started({ duration: '2s', env: { NO_COLOR: '1' } });
  const { output } = await program.ended;
  expect(output).toContain('thresholds');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what is looked for
  expect(output).not.toMatch(/\u001b\[[\d;]*m/);
});

test.concurrent('while it starts a terminal says what goes on: loading, then the hook that takes long, second by second', async () => {
  const slowSetup = `import { sleep } from 'stressrun';
    export async function setup() { await sleep(3); }
    export default async () => { await sleep(0.1); };`;
  const program = await started({ duration: '1s', script: slowSetup });
  await program.shown(/starting: loading stressrun/);
  await program.shown(/setup/);
  const { output } = await program.ended;
  expect(output.indexOf('starting: loading stressrun')).toBeLessThan(output.indexOf('setup'));
  expect(screenOf(output).lines.join('\n')).not.toContain('starting:');
});

test.concurrent('every frame comes whole, from the first word to the report: nothing is drawn outside of one, and after each something stands on the terminal', async () => {
  const quiet = `import { http, sleep } from 'stressrun';
    export async function setup() { await sleep(2); }
    export default async () => { await http.get('/a'); await sleep(0.2); };`;
  const program = await started({ duration: '3s', script: quiet });
  const { output } = await program.ended;
  const live = output.slice(0, output.indexOf('====='));
  const screen = new Screen(SIZE.columns);
  const frames: string[] = [];
  let frame: string | undefined;
  for (const piece of live.split(SYNCHRONIZED)) {
    if (piece === BEGIN_UPDATE) frame ??= '';
    else if (piece === END_UPDATE) {
      if (frame !== undefined) frames.push(screen.lines.join('\n'));
      frame = undefined;
    } else {
      screen.write(piece);
      if (frame === undefined) expect(stripVTControlCharacters(piece), 'outside of a frame the cursor alone comes and goes').toBe('');
    }
  }
  expect(frames.length).toBeGreaterThan(5);
  expect(frames.at(-1), 'the last one takes the view away').toBe('');
  expect(frames.slice(0, -1).filter((shown) => shown === '')).toEqual([]);
  for (const part of ['starting: loading stressrun', 'setup', 'req/s']) expect(frames.some((shown) => shown.includes(part))).toBe(true);
});
