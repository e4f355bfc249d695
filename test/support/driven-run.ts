import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { RunFlags } from '../../runtime/config/flags.ts';
import type { StartCounts } from '../../runtime/core/records.ts';
import type { RunJson } from '../../runtime/core/run-json.ts';
import type { Stage } from '../../runtime/core/stage.ts';
import type { RunEdit } from '../../runtime/record/run-edit.ts';
import type { LoadEdit } from '../../runtime/run/load-edits.ts';
import type { RunEvent, RunStatus } from '../../runtime/run/run-control.ts';
import type { LiveState } from '../../runtime/verdict/live-state.ts';
import { REPOSITORY } from './cli.ts';
import { temporaryFolder } from './project.ts';

/** What to run, and what to do to it when so many seconds of the measured period are over. */
export interface Steering {
  readonly flags: RunFlags;
  readonly runDir: string;
  readonly steps: readonly { readonly atS: number; readonly adjust?: LoadEdit; readonly stop?: 'graceful' | 'now' }[];
}

interface DrivenSecond {
  readonly type: 'second';
  readonly second: number;
  readonly stage: Stage | '';
  readonly users: number;
  readonly thresholds: LiveState;
  readonly starts: StartCounts;
  readonly requestsPerSecond: number;
}

/** A line of the driver. */
export type Driven =
  | DrivenSecond
  | Exclude<RunEvent, { type: 'second' }>
  | { readonly type: 'edit'; readonly edit: RunEdit }
  | { readonly type: 'refused'; readonly message: string }
  | { readonly type: 'status'; readonly status: RunStatus };

export interface DrivenRun {
  readonly exitCode: number | null;
  readonly events: readonly Driven[];
  readonly run: RunJson;
  readonly folder: string;
}

/** In `dist`, so that it finds what was built there. */
const DRIVER = join(REPOSITORY, 'dist', 'control-driver.js');

/** Runs a test in a process of its own that steers it. */
export async function drivenRun(flags: RunFlags, steps: Steering['steps']): Promise<DrivenRun> {
  await build({
    entryPoints: [join(REPOSITORY, 'test/support/control-driver.ts')],
    outfile: DRIVER,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const runDir = temporaryFolder();
  const steering: Steering = { flags, runDir, steps };
  const child = spawn(process.execPath, [DRIVER, JSON.stringify(steering)], { stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  const exitCode = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const events = output.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Driven);
  const ended = events.find((event) => event.type === 'ended');
  if (ended === undefined) throw new Error(`exit code ${exitCode} and no end:\n${output.stdout}${output.stderr}`);
  return { exitCode, events, run: ended.result, folder: join(runDir, ended.result.run.id) };
}
