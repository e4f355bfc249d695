import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { dirname } from 'node:path';
import type { ScriptBundle } from '../bundle/bundle-script.ts';
import type { RunPlan } from '../core/plan.ts';
import { PACKAGE } from './package-paths.ts';

/** What plan.json says beside the plan: which script and configuration exactly, which versions, which machine. */
export function machineFacts(plan: RunPlan, bundle: ScriptBundle) {
  return {
    scriptSha256: bundle.sha256,
    scriptInputs: bundle.inputs,
    configSha256: plan.configPath === undefined ? null : createHash('sha256').update(readFileSync(plan.configPath)).digest('hex'),
    git: gitState(dirname(plan.scriptPath)),
    versions: { stressrun: PACKAGE.version, node: process.versions.node, v8: process.versions.v8 },
    machine: { platform: platform(), arch: arch(), cores: cpus().length, cpu: cpus()[0]?.model ?? '', memoryBytes: totalmem() },
  };
}

/** Commit and whether anything is changed; null outside of a repository. */
function gitState(folder: string): { commit: string; isDirty: boolean } | null {
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 5_000 }).trim();
  try {
    return { commit: git('rev-parse', 'HEAD'), isDirty: git('status', '--porcelain', '--untracked-files=no') !== '' };
  } catch {
    return null;
  }
}
