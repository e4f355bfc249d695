import { expect, test } from 'vitest';
import { parseArgs } from '../../../runtime/cli/parse-args.ts';
import type { RunFlags } from '../../../runtime/config/flags.ts';
import { ConfigError } from '../../../runtime/core/errors.ts';

const view = { isQuiet: false, colors: 'auto' as const, warnings: [] };
/** Splits at spaces; `_` stands for a space within a word. */
const parse = (line: string, env: Record<string, string> = {}) =>
  parseArgs(
    line
      .split(' ')
      .filter(Boolean)
      .map((word) => word.replaceAll('_', ' ')),
    env,
  );

test.each<[string, Partial<RunFlags>]>([
  ['', {}],
  ['-u 5', { users: '5' }],
  ['-u5', { users: '5' }],
  ['-u=5', { users: '5' }],
  ['--users 5', { users: '5' }],
  ['--users=5', { users: '5' }],
  ['--users -1', { users: '-1' }],
  ['--users=-1', { users: '-1' }],
  ['--users 05', { users: '05' }],
  ['--users 0x10', { users: '0x10' }],
  ['--users 1e3', { users: '1e3' }],
  ['--users 5 --users 10', { users: '10' }],
  ['--users=', { users: '' }],
  ['-d 1m30s', { duration: '1m30s' }],
  ['--duration=-5s', { duration: '-5s' }],
  ['-i 100', { iterations: '100' }],
  ['-r 50/s', { rate: '50/s' }],
  ['-s 30s:10 -s 1m:50', { stages: ['30s:10', '1m:50'] }],
  ['--stage 30s:10', { stages: ['30s:10'] }],
  ['-e local', { environment: 'local' }],
  ['--env=local', { environment: 'local' }],
  ['-e local -e local', { environment: 'local' }],
  ['-e KEY=VALUE', { variables: { KEY: 'VALUE' } }],
  ['-eKEY=VALUE', { variables: { KEY: 'VALUE' } }],
  ['-e=KEY=VALUE', { variables: { KEY: 'VALUE' } }],
  ['--env KEY=a=b', { variables: { KEY: 'a=b' } }],
  ['-e KEY=', { variables: { KEY: '' } }],
  ['-e KEY=two_words,_and_a_comma', { variables: { KEY: 'two words, and a comma' } }],
  ['-e A=1 -e k8s -e B=2 -e A=3', { environment: 'k8s', variables: { A: '3', B: '2' } }],
  ['-p smoke', { profile: 'smoke' }],
  ['--base-url http://localhost:8000/v1', { baseUrl: 'http://localhost:8000/v1' }],
  ['--config ci/config.yaml', { config: 'ci/config.yaml' }],
  ['--once', { isOnce: true }],
  ['--once=false', { isOnce: false }],
  ['--strict', { isStrict: true }],
  ['--scenario a,b --scenario c', { scenarios: ['a', 'b', 'c'] }],
  ['--seed 42 --workers 2', { seed: '42', workers: '2' }],
  ['--tag k=v --tag commit=a=b', { tags: { k: 'v', commit: 'a=b' } }],
  ['--http-debug', { httpDebug: 'all' }],
  ['--http-debug=failed', { httpDebug: 'failed' }],
  ['--allow-production prod --allow-production 10.0.0.1', { allowProduction: ['prod', '10.0.0.1'] }],
  ['--on-inconclusive warn', { onInconclusive: 'warn' }],
])('"stressrun script.ts %s" is read, with the flags before, behind and with "run"', (flags, expected) => {
  const args = { command: 'run', flags: { script: 'script.ts', ...expected }, runDir: 'runs', ...view };
  for (const line of [`script.ts ${flags}`, `${flags} script.ts`, `run script.ts ${flags}`, `run ${flags} script.ts`])
    expect(parse(line)).toEqual(args);
});

test.each([
  [
    'run script.ts --run-dir /tmp/r --json out.json --quiet --no-color',
    {
      command: 'run',
      flags: { script: 'script.ts' },
      runDir: '/tmp/r',
      jsonPath: 'out.json',
      ...view,
      isQuiet: true,
      colors: 'off' as const,
    },
  ],
  ['./noextension', { command: 'run', flags: { script: './noextension' }, runDir: 'runs', ...view }],
  ['-- script.ts', { command: 'run', flags: { script: 'script.ts' }, runDir: 'runs', ...view }],
  ['check script.ts -e local --once', { command: 'check', flags: { script: 'script.ts', environment: 'local', isOnce: true }, ...view }],
  ['check --quiet script.ts', { command: 'check', flags: { script: 'script.ts' }, ...view, isQuiet: true }],
  ['report latest', { command: 'report', run: 'latest', runDir: 'runs', ...view }],
  [
    'script.ts -r 50/s -d 1m -u 200 --summary-export s.json',
    {
      command: 'run',
      flags: { script: 'script.ts', rate: '50/s', duration: '1m', users: '200' },
      runDir: 'runs',
      summaryExportPath: 's.json',
      ...view,
    },
  ],
  [
    'report latest --html a.html --csv out/load --junit j.xml --md s.md',
    {
      command: 'report',
      run: 'latest',
      runDir: 'runs',
      reports: { html: 'a.html', csv: 'out/load', junit: 'j.xml', markdown: 's.md' },
      ...view,
    },
  ],
  ['report runs/x --json - --run-dir d', { command: 'report', run: 'runs/x', runDir: 'd', jsonPath: '-', ...view }],
  ['target', { command: 'target', flags: {}, ...view }],
  [
    'target --port 0 --host ::1 --latency 80ms --slots 4 --queue 16 --error-rate 1% --cold-start 5s --seed 7 --server-timing',
    {
      command: 'target',
      flags: {
        port: '0',
        host: '::1',
        latency: '80ms',
        slots: '4',
        queue: '16',
        errorRate: '1%',
        coldStart: '5s',
        seed: '7',
        serverTiming: 'true',
      },
      ...view,
    },
  ],
  ['', { command: 'help', topic: undefined, isAsked: false }],
  ['--help', { command: 'help', topic: undefined, isAsked: true }],
  ['-h', { command: 'help', topic: undefined, isAsked: true }],
  ['help', { command: 'help', topic: undefined, isAsked: true }],
  ['help report', { command: 'help', topic: 'report', isAsked: true }],
  ['target --port 1 --help', { command: 'help', topic: 'target', isAsked: true }],
  ['script.ts --help', { command: 'help', topic: undefined, isAsked: true }],
  ['--version', { command: 'version' }],
  ['run --version', { command: 'version' }],
])('"stressrun %s" is read', (line, expected) => {
  expect(parse(line)).toEqual(expected);
});

test.each([
  ['script.ts --usres 5', 'expected a flag of "stressrun run"; got "--usres": did you mean "--users"?', 'see stressrun --help'],
  ['script.ts --vus 5', 'expected a flag of "stressrun run"; got "--vus": here it is --users N', 'see stressrun --help'],
  ['script.ts --run-time 5s', 'expected a flag of "stressrun run"; got "--run-time": here it is --duration TIME', 'see stressrun --help'],
  [
    '-f locustfile.py',
    'expected a flag of "stressrun run"; got "-f": here it is the path of the script, without a flag',
    'see stressrun --help',
  ],
  ['script.ts --no-colour', 'expected a flag of "stressrun run"; got "--no-colour": did you mean "--no-color"?', 'see stressrun --help'],
  ['script.ts --something-else', 'expected a flag of "stressrun run"; got "--something-else"', 'see stressrun --help'],
  ['script.ts -x', 'expected a flag of "stressrun run"; got "-x"', 'see stressrun --help'],
  ['target --prot 80', 'expected a flag of "stressrun target"; got "--prot": did you mean "--port"?', 'see stressrun target --help'],
  [
    'script.ts --port 80',
    'expected a flag of "stressrun run"; got "--port", which is one of "stressrun target" and "stressrun ui"',
    'see stressrun --help',
  ],
  [
    'target -u 4',
    'expected a flag of "stressrun target"; got "--users", which is one of "stressrun run", "stressrun check", "stressrun ui" and "stressrun k8s"',
    'see stressrun target --help',
  ],
  [
    'chek script.ts',
    'command: expected run, check, report, compare, baseline, target, ui, agent, cluster, init, k8s or the path of a script; got "chek": did you mean "check"?',
    'see stressrun --help',
  ],
  [
    'shop',
    'command: expected run, check, report, compare, baseline, target, ui, agent, cluster, init, k8s or the path of a script; got "shop"',
    'see stressrun --help',
  ],
  [
    'help chek',
    'command: expected run, check, report, compare, baseline, target, ui, agent, cluster, init, k8s or the path of a script; got "chek": did you mean "check"?',
    'see stressrun --help',
  ],
  ['script.ts --users', '--users: expected a value (-u, --users N); got nothing', 'for example -u 20'],
  ['script.ts -u', '--users: expected a value (-u, --users N); got nothing', 'for example -u 20'],
  ['script.ts --users --once', '--users: expected a value (-u, --users N); got the flag --once', 'for example -u 20'],
  ['script.ts --quiet=yes', '--quiet: expected no value; got "yes"', 'see stressrun --help'],
  ['script.ts --tag k', '--tag: expected KEY=VALUE; got "k"', 'see stressrun --help'],
  ['script.ts -e =x', '--env: expected KEY=VALUE; got "=x"', 'see stressrun --help'],
  ['script.ts -e=', '--env: expected the name of an environment or KEY=VALUE; got ""', 'see stressrun --help'],
  ['script.ts -e a -e b', '--env: expected one environment; got "a" and "b"', 'a variable of the script is -e KEY=VALUE'],
  ['-p smoke', 'run: expected the path of one script, such as "stressrun scripts/predict.ts"; got none', 'see stressrun --help'],
  [
    'a.ts b.ts',
    'run: expected the path of one script, such as "stressrun scripts/predict.ts"; got "a.ts" and "b.ts"',
    'see stressrun --help',
  ],
  ['check', 'check: expected the path of one script, such as "stressrun check scripts/predict.ts"; got none', 'see stressrun check --help'],
  ['report', 'report: expected one run, such as "stressrun report latest"; got none', 'see stressrun report --help'],
  ['target 8000', 'target: expected flags only; got "8000"', 'see stressrun target --help'],
])('"stressrun %s" is refused with 104 and one line', (line, message, hint) => {
  expect(() => parse(line)).toThrow(expect.objectContaining({ message, hint, exitCode: 104 }));
});

test.each(['--__proto__ x', '--constructor x', '--constructor=x', '--__proto__.polluted=x'])(
  '"stressrun script.ts %s" is an unknown flag and leaves no trace',
  (flags) => {
    expect(() => parse(`script.ts ${flags}`)).toThrow(ConfigError);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  },
);

test('a variable named __proto__ is a variable like any other', () => {
  const args = parseArgs(['script.ts', '-e', '__proto__=x'], {});
  expect(args.command === 'run' && Object.entries(args.flags.variables ?? {})).toEqual([['__proto__', 'x']]);
});

test('NO_COLOR turns colors off when it is not empty', () => {
  expect(parse('script.ts', { NO_COLOR: '1' })).toMatchObject({ colors: 'off' as const });
  expect(parse('script.ts', { NO_COLOR: '' })).toMatchObject({ colors: 'auto' as const });
});

test.each([
  ['scripts/a.ts --ui', ''],
  ['--ui scripts/a.ts', ''],
  ['scripts/a.ts --ui=9000', '9000'],
  ['scripts/a.ts --ui 0.0.0.0:8089', '0.0.0.0:8089'],
  ['--ui 8089 scripts/a.ts', '8089'],
])('"%s" runs the script with a web UI at %j', (line, address) => {
  expect(parseArgs(line.split(' '), {})).toMatchObject({
    command: 'run',
    flags: { script: 'scripts/a.ts' },
    ui: { address, mode: 'run', isAutostart: false },
  });
});

test('the web UI is asked for by a variable too, its token by nothing else, and --headless is stronger', () => {
  const env = { STRESSRUN_UI: '0.0.0.0:8089', STRESSRUN_UI_TOKEN: 'secret' };
  expect(parseArgs(['a.ts', '--autoquit', '10'], env)).toMatchObject({
    ui: { address: '0.0.0.0:8089', token: 'secret', autoquit: '10' },
    warnings: [],
  });
  expect(parseArgs(['a.ts', '--headless'], env)).not.toHaveProperty('ui');
  expect(parseArgs(['a.ts'], {})).not.toHaveProperty('ui');
});

test('"stressrun ui" takes a script or none, the flags of a run, and where to listen', () => {
  expect(parseArgs(['ui'], {})).toMatchObject({ command: 'ui', flags: {}, ui: { address: '', mode: 'ui', isAutostart: false } });
  expect(parseArgs('ui scripts/a.ts -u 5 --host :: --port 0 --autostart --autoquit'.split(' '), {})).toMatchObject({
    flags: { script: 'scripts/a.ts', users: '5' },
    ui: { address: '[::]:0', isAutostart: true, autoquit: '0' },
  });
  expect(() => parseArgs(['ui', 'a.ts', 'b.ts'], {})).toThrow('expected at most one script');
});
