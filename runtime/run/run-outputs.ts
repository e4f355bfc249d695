import { basename } from 'node:path';
import { PACKAGE } from '../core/package-files.ts';
import type { Redactor } from '../core/redactor.ts';
import { LiveOutputs } from '../outputs/live-outputs.ts';
import type { Recording } from '../record/recording.ts';
import type { PreparedRun } from './prepare-run.ts';

/** The outputs that the run was asked for, fed with every line of its journal. @throws {ConfigError} when a file or a port is not to be had */
export async function openRunOutputs(
  { plan, outputs: targets }: PreparedRun,
  recording: Recording,
  { redactor, startedMs, isCsvRaw = false }: { redactor: Redactor; startedMs: number; isCsvRaw?: boolean | undefined },
): Promise<LiveOutputs> {
  const outputs = await LiveOutputs.open(targets, {
    runId: plan.runId,
    script: basename(plan.scriptPath),
    environment: plan.environment.name,
    profile: plan.profile ?? '',
    version: PACKAGE.version,
    startedMs,
    redact: (text) => redactor.text(text),
    csvFormulas: isCsvRaw ? 'raw' : 'escaped',
  });
  if (targets.length > 0) recording.onSecond = (second) => outputs.second(second);
  return outputs;
}
