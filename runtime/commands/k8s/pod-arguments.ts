import type { RunFlags } from '../../config/flags.ts';

/** Where the pod finds the project, and where it may write. */
export const POD = { project: '/project', results: '/results', temporary: '/tmp' } as const;

interface PodRun {
  readonly flags: RunFlags;
  /** Path of the script in the project, with `/`. */
  readonly script: string;
  /** Path of config.yaml in the project; undefined: there is none. */
  readonly config: string | undefined;
  readonly environment: string | undefined;
  /** What a pod must ask instead of the environment's. */
  readonly baseUrl: string | undefined;
  readonly workers: number;
  /** The result goes to the log as JSON too. */
  readonly printsJson: boolean;
}

/** The command line of the container: the one that was typed, with what a pod needs besides. */
export function podArguments(run: PodRun): string[] {
  const { flags } = run;
  const typed: [string, string | undefined][] = [
    ['--env', run.environment],
    ['--profile', flags.profile],
    ['--base-url', run.baseUrl ?? flags.baseUrl],
    ['--config', run.config === undefined ? undefined : `${POD.project}/${run.config}`],
    ['--users', flags.users],
    ['--duration', flags.duration],
    ['--iterations', flags.iterations],
    ['--rate', flags.rate],
    ['--seed', flags.seed],
    ['--on-inconclusive', flags.onInconclusive],
    ['--http-debug', flags.httpDebug === 'all' ? undefined : flags.httpDebug],
  ];
  return [
    `${POD.project}/${run.script}`,
    ...typed.flatMap(([flag, value]) => (value === undefined ? [] : flag === '--http-debug' ? [`${flag}=${value}`] : [flag, value])),
    ...(flags.httpDebug === 'all' ? ['--http-debug'] : []),
    ...(flags.isOnce === true ? ['--once'] : []),
    ...(flags.isStrict === true ? ['--strict'] : []),
    ...(flags.stages ?? []).flatMap((stage) => ['--stage', stage]),
    ...(flags.scenarios === undefined ? [] : ['--scenario', flags.scenarios.join(',')]),
    ...(flags.sets ?? []).flatMap((text) => ['--set', text]),
    ...(flags.thresholdTexts ?? []).flatMap((text) => ['--threshold', text]),
    ...(flags.onlyTags === undefined ? [] : ['--tags', flags.onlyTags.join(',')]),
    ...(flags.exceptTags === undefined ? [] : ['--exclude-tags', flags.exceptTags.join(',')]),
    ...(flags.allowProduction ?? []).flatMap((name) => ['--allow-production', name]),
    ...pairs('--env', flags.variables),
    ...pairs('--tag', flags.tags),
    ...['--workers', String(run.workers), '--run-dir', POD.results, '--no-color'],
    ...(run.printsJson ? ['--json', '/dev/stdout'] : []),
  ];
}

function pairs(flag: string, values: Readonly<Record<string, string>> | undefined): string[] {
  return Object.entries(values ?? {}).flatMap(([key, value]) => [flag, `${key}=${value}`]);
}
