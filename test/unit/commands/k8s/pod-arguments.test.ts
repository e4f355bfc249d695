import { expect, test } from 'vitest';
import { parseArgs } from '../../../../runtime/cli/parse-args.ts';
import { podArguments } from '../../../../runtime/commands/k8s/pod-arguments.ts';
import type { RunFlags } from '../../../../runtime/config/flags.ts';

test('every flag that was typed arrives in the pod: parsed there, the command line gives the same 18 settings', () => {
  const flags: RunFlags = {
    script: '/project/scripts/a.ts',
    environment: 'k8s',
    baseUrl: 'http://inference.shop.svc:8000',
    profile: 'load',
    users: '5',
    duration: '1m',
    iterations: '100',
    rate: '5/s',
    stages: ['30s:10', '1m:50'],
    isOnce: true,
    isStrict: true,
    seed: '42',
    workers: '3',
    variables: { MODEL: 'small', EMPTY: '' },
    tags: { commit: '3f9a2c' },
    scenarios: ['browse', 'predict'],
    allowProduction: ['prod'],
    onInconclusive: 'warn',
    httpDebug: 'failed',
  };
  const args = podArguments({
    flags,
    script: 'scripts/a.ts',
    config: undefined,
    environment: 'k8s',
    baseUrl: undefined,
    workers: 3,
    printsJson: true,
  });
  expect(parseArgs(args, {})).toMatchObject({ command: 'run', flags, runDir: '/results', jsonPath: '/dev/stdout', colors: 'off' });
});

test('a pod that must ask another address is told so, and a results volume leaves the log alone', () => {
  const run = { flags: { script: 'a.ts', baseUrl: 'http://x' }, script: 'a.ts', config: 'ci/config.yaml', environment: undefined };
  const args = podArguments({ ...run, baseUrl: 'http://$(NODE_IP):30080', workers: 2, printsJson: false });
  expect(args.join(' ')).toBe(
    '/project/a.ts --base-url http://$(NODE_IP):30080 --config /project/ci/config.yaml --workers 2 --run-dir /results --no-color',
  );
});
