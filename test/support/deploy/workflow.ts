import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';

type Values = Readonly<Record<string, string>>;
type Result = 'success' | 'failure' | 'skipped';

interface Step {
  id?: string;
  name?: string;
  uses?: string;
  run?: string;
  if?: string;
  env?: Values;
  'continue-on-error'?: boolean;
}
interface Job {
  needs?: string | string[];
  if?: string;
  outputs?: Values;
  steps: Step[];
}

/** What a run of a workflow did. */
export interface WorkflowRun {
  readonly jobs: Readonly<Record<string, { result: Result; outputs: Values }>>;
  /** Commands in the order of their ends, as `job: name → exit code`. */
  readonly commands: readonly string[];
  /** What the commands printed. */
  readonly log: string;
}

interface Surroundings {
  readonly cwd: string;
  /** Repository variables, `vars.NAME`. */
  readonly vars: Values;
  /** Over the workflow's own. */
  readonly env: Values;
}

/** As much of GitHub's runner as the workflows of deploy/ci use: jobs after those they need, `if` of terms joined by `&&`, outputs. Actions are left out. */
export async function runWorkflow(path: string, surroundings: Surroundings): Promise<WorkflowRun> {
  const workflow = parse(readFileSync(path, 'utf8')) as { env?: Values; jobs: Record<string, Job> };
  const jobs: Record<string, { result: Result; outputs: Values }> = {};
  const commands: string[] = [];
  let log = '';
  for (const [name, job] of Object.entries(workflow.jobs)) {
    const needs = [job.needs ?? []].flat();
    for (const needed of needs) if (jobs[needed] === undefined) throw new Error(`${name} needs ${needed}, which comes later or not at all`);
    const values: Values = {
      ...Object.fromEntries(Object.entries(surroundings.vars).map(([key, value]) => [`vars.${key}`, value])),
      ...Object.fromEntries(
        needs.flatMap((key) =>
          Object.entries(jobs[key]?.outputs ?? {}).map(([output, value]) => [`needs.${key}.outputs.${output}`, value]),
        ),
      ),
    };
    if (
      !holds(
        job.if,
        needs.every((key) => jobs[key]?.result === 'success'),
        values,
      )
    ) {
      jobs[name] = { result: 'skipped', outputs: {} };
      continue;
    }
    const ran = await runJob(job, { name, values, workflowEnv: workflow.env ?? {}, surroundings });
    jobs[name] = { result: ran.result, outputs: ran.outputs };
    commands.push(...ran.commands);
    log += ran.log;
  }
  return { jobs, commands, log };
}

async function runJob(job: Job, where: { name: string; values: Values; workflowEnv: Values; surroundings: Surroundings }) {
  const values: Record<string, string> = { ...where.values };
  const commands: string[] = [];
  let log = '';
  let isGood = true;
  for (const step of job.steps) {
    if (step.run === undefined || !holds(step.if, isGood, values)) continue;
    const filled = (env: Values): Values => Object.fromEntries(Object.entries(env).map(([key, text]) => [key, fill(text, values)]));
    const env = { ...filled(where.workflowEnv), ...filled(step.env ?? {}), ...where.surroundings.env };
    const { code, outputs, printed } = await shell(fill(step.run, values), where.surroundings.cwd, env);
    commands.push(`${where.name}: ${step.name} → ${code}`);
    log += `--- ${where.name}: ${step.name} → ${code}\n${printed}`;
    if (step.id !== undefined) for (const [key, value] of Object.entries(outputs)) values[`steps.${step.id}.outputs.${key}`] = value;
    if (code !== 0 && step['continue-on-error'] !== true) isGood = false;
  }
  const outputs = Object.fromEntries(Object.entries(job.outputs ?? {}).map(([key, text]) => [key, fill(text, values)]));
  return { result: isGood ? ('success' as const) : ('failure' as const), outputs, commands, log };
}

/** Without a status function, a condition stands behind `success() &&`. */
function holds(condition: string | undefined, isGood: boolean, values: Values): boolean {
  if (condition === undefined) return isGood;
  const terms = condition.split('&&').map((term) => term.trim());
  const isAlways = terms.includes('always()');
  return (isAlways || isGood) && terms.filter((term) => term !== 'always()').every((term) => isEqual(term, values));
}

function isEqual(term: string, values: Values): boolean {
  const match = /^([\w.]+) == '([^']*)'$/.exec(term);
  if (match === null) throw new Error(`a condition that this runner does not know: ${term}`);
  return (values[match[1] as string] ?? '') === match[2];
}

function fill(text: string, values: Values): string {
  return text.replace(/\$\{\{\s*([\w.]+)\s*\}\}/g, (_, name: string) => values[name] ?? '');
}

/** As GitHub runs a step: bash with -e and pipefail. */
function shell(command: string, cwd: string, env: Values): Promise<{ code: number; outputs: Values; printed: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-step-'));
  const outputFile = join(folder, 'output');
  writeFileSync(outputFile, '');
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', command], {
    cwd,
    env: { ...process.env, ...env, GITHUB_OUTPUT: outputFile },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      const lines = readFileSync(outputFile, 'utf8').split('\n').filter(Boolean);
      rmSync(folder, { recursive: true });
      resolve({
        code: code ?? -1,
        printed,
        outputs: Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
      });
    });
  });
}
