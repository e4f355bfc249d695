import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { runCli } from '../../../runtime/cli/run-cli.ts';
import { flushed, surviveClosedPipe } from '../../../runtime/cli/streams.ts';
import type { Terminal } from '../../../runtime/cli/terminal.ts';
import { COMMANDS, type CommandName, type InputOf } from '../../../runtime/commands/all.ts';
import type { Command, Surroundings } from '../../../runtime/commands/command.ts';
import { BugError, ClusterError, ConfigError, ScriptError } from '../../../runtime/core/errors.ts';
import type { RunTestInput } from '../../../runtime/run/output.ts';
import { Screen } from '../../support/screen.ts';
import { WrittenStream } from './fake-terminal.ts';

/** What stands in for the work of a command: it is given what the command is, with its terminal. */
type Fakes = { readonly [Name in CommandName]?: (input: InputOf[Name] & Surroundings) => Promise<number> };

/** Every command with its own reading, and the work of none but those that are given. */
function commandsWith(fakes: Fakes): Command[] {
  return COMMANDS.map((command: Command<CommandName>) => ({
    ...command,
    run(input, surroundings) {
      const fake = fakes[command.name] as ((input: object) => Promise<number>) | undefined;
      return fake === undefined ? Promise.reject(new Error('not the command that was asked for')) : fake({ ...input, ...surroundings });
    },
  }));
}

/** Runs a command line against the given commands, beside a process that only counts. */
function start(line: string, fakes: Fakes = {}, env: Record<string, string> = {}) {
  const stdout = new WrittenStream(false);
  const stderr = new WrittenStream(false);
  const signals = new EventEmitter();
  const left: number[] = [];
  const argv = line.split(' ').filter(Boolean);
  const exitCode = runCli({ argv, env, folder: '/here', stdout, stderr, signals, leave: (code) => left.push(code) }, commandsWith(fakes));
  return { stdout, stderr, signals, left, exitCode };
}

test('the exit code of the command is the exit code, and its input is what was typed', async () => {
  const inputs: unknown[] = [];
  const runTest = (input: RunTestInput): Promise<number> => {
    inputs.push({
      flags: input.flags,
      runDir: input.runDir,
      jsonPath: input.jsonPath,
      summaryExportPath: input.summaryExportPath,
      isQuiet: input.output.isQuiet,
    });
    input.output.result('done');
    return Promise.resolve(99);
  };
  const { stdout, stderr, exitCode } = start('script.ts -u 5 --json o.json --summary-export s.json --quiet', { run: runTest });
  expect(await exitCode).toBe(99);
  expect(inputs).toEqual([
    { flags: { script: 'script.ts', users: '5' }, runDir: 'runs', jsonPath: 'o.json', summaryExportPath: 's.json', isQuiet: true },
  ]);
  expect([stdout.text, stderr.text]).toEqual(['done\n', '']);
});

test('check, report and target reach their commands', async () => {
  expect(await start('check a.ts', { check: ({ flags }) => Promise.resolve(flags.script.length) }).exitCode).toBe(4);
  expect(await start('report latest', { report: ({ run }) => Promise.resolve(run.length) }).exitCode).toBe(6);
  expect(await start('target --port 77', { target: ({ flags }) => Promise.resolve(Number(flags.port)) }).exitCode).toBe(77);
});

test('nothing typed is a short help on stderr and 104', async () => {
  const { stdout, stderr, exitCode } = start('');
  expect(await exitCode).toBe(104);
  expect(stdout.text).toBe('');
  expect(stderr.text).toContain('stressrun <script>');
});

test('--help and --version are asked for: on stdout, 0', async () => {
  const help = start('--help');
  expect(await help.exitCode).toBe(0);
  expect(help.stdout.text).toContain('-u, --users N');
  const version = start('--version');
  expect(await version.exitCode).toBe(0);
  expect(version.stdout.text).toMatch(/^stressrun \d+\.\d+\.\d+ \(node v\d+/);
  expect(help.stderr.text + version.stderr.text).toBe('');
});

test('a flag that nobody knows is 104 with two lines on stderr', async () => {
  const { stdout, stderr, exitCode } = start('script.ts --usres 5');
  expect(await exitCode).toBe(104);
  expect(stdout.text).toBe('');
  expect(stderr.text).toBe(
    'stressrun: expected a flag of "stressrun run"; got "--usres": did you mean "--users"?\n  hint: see stressrun --help\n',
  );
});

test.each([
  [new ConfigError('--users', 'expected 1 or more; got "-1"'), 104, /^stressrun: --users: expected 1 or more; got "-1"\n$/],
  [new ScriptError('setup() threw'), 107, /^stressrun: setup\(\) threw\n$/],
  [new TypeError('x is not a function'), 1, /^stressrun: internal error: x is not a function\nTypeError: [\s\S]*Please report it/],
])('a command that rejects with %s exits with %d', async (error, code, text) => {
  const { stderr, exitCode } = start('script.ts', { run: () => Promise.reject(error) });
  expect(await exitCode).toBe(code);
  expect(stderr.text).toMatch(text);
});

test('an unknown variable is a warning on stderr, and the run goes on', async () => {
  const { stderr, exitCode } = start('script.ts', { run: () => Promise.resolve(0) }, { STRESSRUN_USRES: '5' });
  expect(await exitCode).toBe(0);
  expect(stderr.text).toBe('warning: the variable STRESSRUN_USRES sets no flag: did you mean "STRESSRUN_USERS"?\n');
});

test('the first Ctrl-C stops the run gracefully: 105 comes from the run, and nothing leaves', async () => {
  const runTest = ({ signals }: RunTestInput): Promise<number> =>
    new Promise((resolve) => signals.onStop((signal) => resolve(signal === 'SIGINT' ? 105 : 1)));
  const { signals, left, stderr, exitCode } = start('script.ts', { run: runTest });
  signals.emit('SIGINT', 'SIGINT');
  expect(await exitCode).toBe(105);
  expect(left).toEqual([]);
  expect(stderr.text).toBe('SIGINT: stopping; once more leaves at once\n');
  expect(signals.listenerCount('SIGINT') + signals.listenerCount('SIGTERM')).toBe(0);
});

test('a process that ends in the middle of a run takes the live view away and says what was still to be said', () => {
  const stderr = new WrittenStream(true);
  const onExit: (() => void)[] = [];
  const runTest = ({ output }: RunTestInput): Promise<number> => {
    (output as Terminal).progress({
      elapsedUs: 0,
      remainingUs: undefined,
      users: 3,
      requestsPerSecond: 0,
      requests: 0,
      failed: 0,
      p95Us: undefined,
      stage: '',
    });
    output.note('the last words');
    return new Promise(() => undefined);
  };
  const surroundings = {
    argv: ['script.ts'],
    env: {},
    folder: '/here',
    stdout: new WrittenStream(true),
    stderr,
    signals: new EventEmitter(),
  };
  void runCli({ ...surroundings, leave: () => undefined, onExit: (end) => onExit.push(end) }, commandsWith({ run: runTest }));
  const seen = (): string[] => {
    const screen = new Screen(100);
    screen.write(stderr.text);
    return screen.lines;
  };
  expect(seen()).toEqual([expect.stringContaining('3 users')]);
  for (const end of onExit) end();
  expect(seen()).toEqual(['the last words']);
});

test('the second signal leaves at once with 105, whichever it is, and calls back no second time', () => {
  const stops: string[] = [];
  const runTest = ({ signals }: RunTestInput): Promise<number> => {
    signals.onStop((signal) => stops.push(signal));
    return new Promise(() => undefined);
  };
  const { signals, left } = start('script.ts', { run: runTest });
  signals.emit('SIGTERM', 'SIGTERM');
  expect(left).toEqual([]);
  signals.emit('SIGINT', 'SIGINT');
  expect(left).toEqual([105]);
  expect(stops).toEqual(['SIGTERM']);
});

test('a signal before anybody listens leaves at once with 105', () => {
  const { signals, left } = start('script.ts', { run: () => new Promise(() => undefined) });
  signals.emit('SIGINT', 'SIGINT');
  expect(left).toEqual([105]);
});

test('a command that failed because its children had the same Ctrl-C is interrupted: the signal is heard before the error is told', async () => {
  const { signals, left, stderr, exitCode } = start('script.ts', {
    run: ({ signals: heard }) => {
      heard.onStop(() => undefined);
      setImmediate(() => signals.emit('SIGINT', 'SIGINT'));
      return Promise.reject(new Error('The service was stopped'));
    },
  });
  expect([await exitCode, left]).toEqual([105, []]);
  expect(stderr.text).toBe('SIGINT: stopping; once more leaves at once\ninterrupted before the end: there is no result\n');
});

test('what a command cannot do any more after a Ctrl-C is no error of its own, a fault of ours is', async () => {
  const failsOnStop =
    (error: Error) =>
    ({ signals }: Surroundings): Promise<number> =>
      new Promise((_, reject) => signals.onStop(() => reject(error)));
  const ended = async (error: Error): Promise<unknown[]> => {
    const { signals, stderr, exitCode } = start('check script.ts', { check: failsOnStop(error) });
    signals.emit('SIGTERM', 'SIGTERM');
    return [await exitCode, stderr.text.split('\n')[1]];
  };
  expect(await ended(new ClusterError('the workers were ended'))).toEqual([105, 'interrupted before the end: there is no result']);
  expect(await ended(new BugError('expected a run'))).toEqual([1, expect.stringContaining('expected a run')]);
});

test('a stream whose reader is gone neither throws nor holds up the end', async () => {
  const stream = new PassThrough();
  surviveClosedPipe(stream);
  stream.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
  await expect(flushed(stream)).resolves.toBeUndefined();
});
