import { readFileSync } from 'node:fs';
import { basename, resolve, sep } from 'node:path';
import type { Cluster } from '../agents/cluster.ts';
import type { ScriptBundle } from '../bundle/bundle-script.ts';
import { StackMapper } from '../bundle/stack-mapper.ts';
import type { RunFlags } from '../config/flags.ts';
import type { LoadedConfig } from '../config/load-config.ts';
import { allowPathsOf, refuseEarly, resolvePlan } from '../config/resolve-plan.ts';
import { seedOf } from '../config/seed.ts';
import { type Credential, credentialsOf, credentialsOfServer } from '../core/credentials.ts';
import { ConfigError } from '../core/errors.ts';
import { PACKAGE } from '../core/package-files.ts';
import { shareOf, type WorkerShare } from '../core/partition.ts';
import type { EnvironmentPlan, RunPlan } from '../core/plan.ts';
import type { Redactor } from '../core/redactor.ts';
import { createRunId } from '../history/run-id.ts';
import { resolveInside } from '../image/files.ts';
import { availableCores } from '../monitor/machine-load.ts';
import { type OutputTarget, outputTargetsOf, wantsSamples } from '../outputs/output-target.ts';
import { configure } from './configure.ts';
import { bundleWanted } from './early-bundle.ts';
import { type EmbeddedTarget, startEmbeddedTarget } from './embedded-target.ts';
import type { Fleet } from './fleet.ts';
import { guardProduction } from './guard-production.ts';
import { idleWorkOf } from './idle-work.ts';
import { answersMessage, factsOf, initPass } from './init-pass.ts';
import { AnswerLoader, type LoadedAnswer } from './loaded-answers.ts';
import type { RunSurroundings } from './output.ts';
import { attempt, awaitedLater } from './side-by-side.ts';
import { placedIn } from './surroundings.ts';
import { moduleLevelSetup, runSetup, type SharedSetup, setupOf } from './worker-setup.ts';

/** All that must be known before load can begin. */
export interface PreparedRun {
  plan: RunPlan;
  /** The plan's environment with the address that the embedded target got. */
  environment: EnvironmentPlan;
  exportNames: readonly string[];
  /** `options` of the script as it wrote them. */
  scriptOptions: unknown;
  taskNames: readonly string[];
  bundle: ScriptBundle;
  mapper: StackMapper;
  loader: AnswerLoader;
  answers: LoadedAnswer[];
  target: EmbeddedTarget | undefined;
  /** Where its numbers go while it runs. */
  outputs: OutputTarget[];
  /** What every worker is told. */
  setup: SharedSetup;
  /** Nothing of that is under way any more. */
  warmedUp: Promise<void>;
}

/** What of the agents a plan depends on. */
export type HiredAgents = Pick<Cluster, 'cores' | 'count' | 'isLocal'>;

/** Hears in words what a start is busy with. */
export type OnStep = (step: string) => void;

/** What the bundler reads as a value, not as code. */
const DATA_FILE = /\.(json|txt)$/i;

/**
 * From flags to a frozen plan: bundles the script, reads the configuration, runs module level in the fleet's first worker, loads what it
 * asks for, resolves the plan and asks the production guard.
 * @param redactor - learns the secrets before the script runs
 * @param onStep - told what is waited for
 */
export async function prepareRun(
  flags: RunFlags,
  {
    fleet,
    redactor,
    around,
    agents,
    onStep = () => undefined,
  }: { fleet: Fleet; redactor: Redactor; around: RunSurroundings; agents?: HiredAgents | undefined; onStep?: OnStep },
): Promise<PreparedRun> {
  const seed = seedOf(flags.seed);
  const outputs = outputTargetsOf(flags.outs ?? []).map((target) =>
    'path' in target ? { ...target, path: placedIn(around.folder, target.path) } : target,
  );
  const scriptPath = resolve(around.folder, flags.script);
  // none of these waits for another; whose error is told does not depend on which comes first
  const workers = awaitedLater(fleet.grow(1));
  const bundling = awaitedLater(bundleWanted(scriptPath));
  const configured = attempt(() => configure(flags, scriptPath, around));
  const isEmbedded = configured.isOk && configured.value.environment.target === 'embedded';
  if (isEmbedded && agents?.isLocal === false)
    throw new ConfigError('--nats', 'expected an environment whose target agents on other machines can reach; got the embedded one');
  const starting = isEmbedded
    ? awaitedLater(startEmbeddedTarget(PACKAGE.targetFile, { port: 0, serverTiming: true }, around.variables))
    : undefined;
  try {
    onStep(`bundling ${basename(scriptPath)}`);
    const bundle = await bundling;
    if (!configured.isOk) throw configured.error;
    const { config, environment } = configured.value;
    redactor.learn([...credentialsOf(environment, flags.variables), ...outputs.flatMap(credentialsOfOutput)]);
    onStep('starting the first worker');
    const [worker] = (await workers) as [number];
    return await planRun({
      flags,
      seed,
      outputs,
      scriptPath,
      bundle,
      config,
      environment,
      starting,
      fleet,
      worker,
      redactor,
      around,
      agents,
      onStep,
    });
  } catch (error) {
    void starting?.then((target) => target.close()).catch(() => undefined);
    throw error;
  }
}

function credentialsOfOutput(target: OutputTarget): Credential[] {
  return 'url' in target ? credentialsOfServer(target.url, target.auth) : [];
}

interface Parts {
  flags: RunFlags;
  seed: number;
  outputs: OutputTarget[];
  scriptPath: string;
  bundle: ScriptBundle;
  config: LoadedConfig;
  environment: EnvironmentPlan;
  starting: Promise<EmbeddedTarget> | undefined;
  fleet: Fleet;
  worker: number;
  redactor: Redactor;
  around: RunSurroundings;
  agents: HiredAgents | undefined;
  onStep: OnStep;
}

async function planRun(parts: Parts): Promise<PreparedRun> {
  const { flags, seed, scriptPath, bundle, config, fleet, worker, redactor, around, onStep } = parts;
  refuseEarly(flags, config);
  const mapper = new StackMapper(bundle.mapText, bundle.lineOffset, bundle.root);
  const allowPaths = allowPathsOf(config, scriptPath);
  requireInside(allowPaths, bundle.inputs);
  const loader = new AnswerLoader({ scriptPath, allowPaths, seed });
  const guestText = readFileSync(PACKAGE.guestFile, 'utf8');
  const atModuleLevel = moduleLevelSetup(parts, guestText);
  const idle = idleWorkOf(fleet, worker, { guestText, httpClient: parts.environment.httpClient });
  fleet.send(worker, setupOf(atModuleLevel, ownOf(fleet, worker, shareOf(0, 1))));
  onStep('module level of the script');
  const { declaration, answers } = await initPass(fleet, { worker, loader, mapper, redactor, onStep, onIdle: idle.begin });
  const declared = factsOf(bundle, declaration);
  const tagFlag = flags.onlyTags !== undefined ? '--tags' : flags.exceptTags !== undefined ? '--exclude-tags' : undefined;
  if (tagFlag !== undefined && declared.taskNames.length === 0)
    throw new ConfigError(tagFlag, 'expected a script whose default function is a mix() of tasks with tags; this one has none');
  const script = { ...declared, exportNames: hooksWanted(declared) };
  const plan = resolvePlan({
    flags,
    config,
    scriptPath,
    script,
    processEnv: around.variables,
    runId: createRunId(new Date(around.nowMs()), scriptPath, flags.profile),
    seed,
    coreCount: parts.agents?.cores ?? availableCores(),
    workersMin: parts.agents?.count ?? 1,
  });
  if (parts.starting !== undefined) onStep('starting the embedded target');
  const target = await parts.starting;
  const environment = target === undefined ? plan.environment : { ...plan.environment, baseUrl: target.url };
  await guardProduction(config, environment, { allowProduction: flags.allowProduction ?? [], variables: around.variables });
  return {
    plan: { ...plan, notes: [...plan.notes, ...answers.flatMap(({ notes = [] }) => notes)] },
    environment,
    exportNames: script.exportNames,
    scriptOptions: script.options,
    taskNames: script.taskNames,
    bundle,
    mapper,
    loader,
    answers,
    target,
    outputs: parts.outputs,
    warmedUp: idle.ended(),
    setup: runSetup(atModuleLevel, { plan, environment, wantsSamples: wantsSamples(parts.outputs) }),
  };
}

/** What the script exports, without hooks that its options say are not to be called. */
function hooksWanted({ exportNames, options }: ReturnType<typeof factsOf>): string[] {
  const { noSetup, noTeardown } = (options ?? {}) as { noSetup?: unknown; noTeardown?: unknown };
  return exportNames.filter((name) => !(name === 'setup' && noSetup === true) && !(name === 'teardown' && noTeardown === true));
}

/** Data that a script imports lies where data that it loads may lie. Code and packages may come from anywhere, as in a monorepo. @throws {ConfigError} */
function requireInside(allowPaths: readonly string[], inputs: readonly string[]): void {
  for (const path of inputs) if (DATA_FILE.test(path) && !path.includes(`${sep}node_modules${sep}`)) resolveInside(allowPaths, path);
}

function ownOf(fleet: Fleet, worker: number, share: WorkerShare): Parameters<typeof setupOf>[1] {
  return { share, epochUs: fleet.epochOn(worker) };
}

/** Starts a worker in the place of a lost one; it knows the script and what it loaded. @returns its number */
export async function addLateWorker(fleet: Fleet, seat: number, run: PreparedRun): Promise<number> {
  const worker = await fleet.replace(seat);
  fleet.send(worker, setupOf(run.setup, ownOf(fleet, worker, shareOf(seat, run.plan.workers))));
  fleet.send(worker, answersMessage(run.answers));
  return worker;
}

/** Brings the fleet to its full size; every worker knows the script and what it loaded, the first one already. */
export async function growFleet(fleet: Fleet, run: PreparedRun): Promise<void> {
  const count = run.plan.workers;
  const first = fleet.workers[0] as number;
  // the first worker evaluated module level alone, as one of one: now it is one of many
  fleet.send(first, setupOf(run.setup, ownOf(fleet, first, shareOf(0, count))));
  const added = await fleet.grow(count);
  for (const [i, worker] of added.entries()) {
    fleet.send(worker, setupOf(run.setup, ownOf(fleet, worker, shareOf(i + 1, count))));
    fleet.send(worker, answersMessage(run.answers));
  }
}
