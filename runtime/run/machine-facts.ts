import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, cpus, platform, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { ScriptBundle } from '../bundle/bundle-script.ts';
import { PACKAGE } from '../core/package-files.ts';
import type { RunPlan } from '../core/plan.ts';

/** What plan.json says beside the plan: which script and configuration exactly, which versions, which machine. */
export async function machineFacts(plan: RunPlan, bundle: ScriptBundle) {
  return {
    scriptSha256: bundle.sha256,
    scriptInputs: bundle.inputs,
    configSha256: plan.configPath === undefined ? null : createHash('sha256').update(readFileSync(plan.configPath)).digest('hex'),
    git: await gitState(dirname(plan.scriptPath)),
    versions: { stressrun: PACKAGE.version, node: process.versions.node, v8: process.versions.v8 },
    machine: { platform: platform(), arch: arch(), cores: cpus().length, cpu: cpus()[0]?.model ?? '', memoryBytes: totalmem() },
  };
}

/** Commit and whether anything is changed; null outside of a repository. */
async function gitState(folder: string): Promise<{ commit: string; isDirty: boolean } | null> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', folder, ...args], { encoding: 'utf8', timeout: 5_000 })).stdout.trim();
  try {
    const [commit, changes] = await Promise.all([git('rev-parse', 'HEAD'), git('status', '--porcelain', '--untracked-files=no')]);
    return { commit, isDirty: changes !== '' };
  } catch {
    return null;
  }
}
