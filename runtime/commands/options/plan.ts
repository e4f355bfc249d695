import { HTTP } from '../../core/roles.ts';
import type { Option } from '../option.ts';

/** Of a run, and of the built-in server. */
export const SEED: Option = {
  name: 'seed',
  kind: 'text',
  value: 'N',
  description: 'seed of all random choices; the same seed repeats a run',
  example: '--seed 42',
};

/** Of a run, and of an agent. */
export const WORKERS: Option = {
  name: 'workers',
  kind: 'text',
  value: 'N',
  description: 'worker processes; else one for each core',
  example: '--workers 2',
};

/** What is run, and how much of it. */
export const PLAN: readonly Option[] = [
  {
    name: 'config',
    kind: 'text',
    value: 'FILE',
    description: 'config file; else the nearest config.yaml upwards from the script, else from here',
    example: '--config ci/config.yaml',
  },
  {
    name: 'env',
    alias: 'e',
    kind: 'list',
    value: 'NAME|KEY=VALUE',
    description: 'environment to load; with an = a variable of the script (may be repeated)',
    example: '-e k8s -e MODEL=small',
  },
  {
    name: 'dotenv',
    kind: 'list',
    value: 'FILE',
    description: 'variables for config.yaml and STRESSRUN_*, those that are not set yet; nothing is read unless asked (may be repeated)',
    example: '--dotenv .env',
    isFlagOnly: true,
  },
  {
    name: 'set',
    kind: 'list',
    value: 'KEY=VALUE',
    description: 'a value of config.yaml by its path, in YAML; nothing behind the = takes it away (may be repeated)',
    example: '--set warm_up.requests=50',
    isFlagOnly: true,
  },
  {
    name: 'base-url',
    kind: 'text',
    value: 'URL',
    description: "load this URL instead of the environment's",
    example: '--base-url http://localhost:8000',
  },
  {
    name: 'profile',
    alias: 'p',
    kind: 'text',
    value: 'NAME',
    description: 'test profile of the config file',
    example: '-p smoke',
  },
  {
    name: 'users',
    alias: 'u',
    kind: 'text',
    value: 'N',
    description: 'users at once; of an arrival rate, the most of them',
    example: '-u 20',
  },
  {
    name: 'duration',
    alias: 'd',
    kind: 'text',
    value: 'TIME',
    description: 'how long; rescales a shape, also of an arrival rate',
    example: '-d 1m30s',
  },
  {
    name: 'iterations',
    alias: 'i',
    kind: 'text',
    value: 'N',
    description: 'iterations over all users, instead of a duration',
    example: '-i 1000',
  },
  {
    name: 'rate',
    alias: 'r',
    kind: 'text',
    value: 'N/s',
    description: 'iterations started a second, for a duration, whether or not the target keeps up',
    example: '-r 50/s -d 1m',
  },
  {
    name: 'stage',
    alias: 's',
    kind: 'list',
    value: 'TIME:N',
    description: 'ramp to N users within TIME (may be repeated)',
    example: '-s 30s:10 -s 1m:50',
  },
  { name: 'once', kind: 'switch', description: 'one user, one iteration', example: '--once' },
  {
    name: 'scenario',
    kind: 'list',
    value: 'A,B',
    description: 'only these scenarios of the script',
    example: '--scenario browse,predict',
  },
  {
    name: 'tags',
    kind: 'list',
    value: 'A,B',
    description: 'of a mix only the tasks that have one of these tags',
    example: '--tags upload,slow',
  },
  {
    name: 'exclude-tags',
    kind: 'list',
    value: 'A,B',
    description: 'of a mix no task that has one of these tags',
    example: '--exclude-tags slow',
  },
  {
    name: 'threshold',
    kind: 'list',
    value: 'KEY=LIMIT|METRIC:EXPRESSION',
    description: 'a threshold over those of the config and the script: max_p95=2s, health.max_p95=200ms (may be repeated)',
    example: `--threshold '${HTTP.waiting}{task:health}: p(99)<1s'`,
    isFlagOnly: true,
  },
  SEED,
  WORKERS,
  {
    name: 'tag',
    kind: 'list',
    value: 'KEY=VALUE',
    description: 'tag on every sample (may be repeated)',
    example: '--tag commit=3f9a2c',
  },
];
