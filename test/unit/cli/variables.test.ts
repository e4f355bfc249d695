import { expect, test } from 'vitest';
import { parseArgs } from '../../../runtime/cli/parse-args.ts';

const parse = (line: string, env: Record<string, string>) => parseArgs(line.split(' '), env);

test.each([
  [{ STRESSRUN_USERS: '5' }, { users: '5' }],
  [{ STRESSRUN_USERS: '-1' }, { users: '-1' }],
  [{ STRESSRUN_BASE_URL: 'http://localhost:1' }, { baseUrl: 'http://localhost:1' }],
  [{ STRESSRUN_ENV: 'k8s' }, { environment: 'k8s' }],
  [{ STRESSRUN_ENV: 'KEY=a,b' }, { variables: { KEY: 'a,b' } }],
  [{ STRESSRUN_STAGE: '30s:10, 1m:50,' }, { stages: ['30s:10', '1m:50'] }],
  [{ STRESSRUN_TAG: 'a=1,b=2' }, { tags: { a: '1', b: '2' } }],
  [{ STRESSRUN_ALLOW_PRODUCTION: 'prod,eu' }, { allowProduction: ['prod', 'eu'] }],
  [{ STRESSRUN_SCENARIO: 'a,b' }, { scenarios: ['a', 'b'] }],
  [
    { STRESSRUN_ONCE: '1', STRESSRUN_STRICT: 'No' },
    { isOnce: true, isStrict: false },
  ],
  [{ STRESSRUN_HTTP_DEBUG: 'failed' }, { httpDebug: 'failed' }],
  [{ STRESSRUN_USERS: '', STRESSRUN_ONCE: '' }, {}],
  [{ USERS: '5', stressrun_users: '5' }, {}],
])('%j is read as flags', (env, flags) => {
  expect(parse('script.ts', env)).toMatchObject({ command: 'run', flags: { script: 'script.ts', ...flags }, warnings: [] });
  expect(Object.keys((parse('script.ts', env) as { flags: object }).flags).sort()).toEqual(['script', ...Object.keys(flags)].sort());
});

test.each([
  ['-u 7', { STRESSRUN_USERS: '5' }, { users: '7' }],
  ['--once=false', { STRESSRUN_ONCE: '1' }, { isOnce: false }],
  ['-s 5s:1', { STRESSRUN_STAGE: '30s:10,1m:50' }, { stages: ['5s:1'] }],
  ['-e local', { STRESSRUN_ENV: 'k8s' }, { environment: 'local' }],
])('the flag %s wins over %j', (flag, env, flags) => {
  expect(parse(`script.ts ${flag}`, env)).toMatchObject({ flags });
});

test('-e KEY=VALUE does not displace the environment of STRESSRUN_ENV, and adds to its variable', () => {
  expect(parse('script.ts -e KEY=1', { STRESSRUN_ENV: 'k8s' })).toMatchObject({ flags: { environment: 'k8s', variables: { KEY: '1' } } });
  expect(parse('script.ts -e B=2', { STRESSRUN_ENV: 'A=1' })).toMatchObject({ flags: { variables: { A: '1', B: '2' } } });
});

test('STRESSRUN_RUN_DIR, _JSON, _QUIET and _NO_COLOR count for a run', () => {
  const env = { STRESSRUN_RUN_DIR: '/tmp/r', STRESSRUN_JSON: 'o.json', STRESSRUN_QUIET: 'true', STRESSRUN_NO_COLOR: '1' };
  expect(parse('script.ts', env)).toMatchObject({ runDir: '/tmp/r', jsonPath: 'o.json', isQuiet: true, colors: 'off' as const });
});

test('variables of another command are left alone, and its own are read', () => {
  expect(parse('target', { STRESSRUN_USERS: '5', STRESSRUN_PORT: '1' })).toEqual({
    command: 'target',
    flags: { port: '1' },
    isQuiet: false,
    colors: 'auto' as const,
    warnings: [],
  });
});

test('an unknown variable is a warning with the nearest one; STRESSRUN_TARGET_OPTIONS and those without the prefix are not', () => {
  expect(
    parse('script.ts', { STRESSRUN_USRES: '5', STRESSRUN_HELP_ME_PLEASE: '', STRESSRUN_TARGET_OPTIONS: '{}', USRES: '' }),
  ).toMatchObject({
    flags: { script: 'script.ts' },
    warnings: [
      'the variable STRESSRUN_USRES sets no flag: did you mean "STRESSRUN_USERS"?',
      'the variable STRESSRUN_HELP_ME_PLEASE sets no flag',
    ],
  });
});

test('a switch that is neither on nor off is refused by the name of its variable', () => {
  expect(() => parse('script.ts', { STRESSRUN_ONCE: 'maybe' })).toThrow(
    'STRESSRUN_ONCE: expected 1, true, yes, on, 0, false, no or off; got "maybe"',
  );
});
