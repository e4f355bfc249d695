import { realpathSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { resolveEnvironment } from '../../config/environment.ts';
import type { RunFlags } from '../../config/flags.ts';
import { loadConfig } from '../../config/load-config.ts';
import { yamlDocuments } from '../../config/yaml-text.ts';
import { ConfigError } from '../../core/errors.ts';
import { PACKAGE } from '../../core/package-files.ts';
import type { RunPlan } from '../../core/plan.ts';
import { lengthOf } from '../../core/plan-length.ts';
import { readUrl } from '../../core/read-url.ts';
import { Redactor } from '../../core/redactor.ts';
import { Fleet } from '../../run/fleet.ts';
import { localWorkers } from '../../run/local-workers.ts';
import { type PreparedRun, prepareRun } from '../../run/prepare-run.ts';
import type { PrintManifestsInput } from '../inputs.ts';
import { type ClusterSettings, clusterSettingsOf } from './cluster-settings.ts';
import { configVariables } from './config-variables.ts';
import { manifestsOf, SECRET_NAME } from './manifests.ts';
import { podArguments } from './pod-arguments.ts';
import { codeOfScript, dataOfScript, type PodFile, pathInProject, podFilesOf, secretNamesIn } from './pod-files.ts';
import { podTargetOf, refuseEmbedded } from './pod-target.ts';

/** CPUs asked for when `--workers` says nothing: one for each worker. */
const WORKERS = 2;
/** For pulling pictures up, the health check, setup and the report. */
const DEADLINE_MARGIN_S = 600;

/** `stressrun k8s <script>`: resolves the run as `check` does, and prints what runs it in a cluster. @returns 0 */
export async function printManifests({ flags, cluster, output, signals, around }: PrintManifestsInput): Promise<number> {
  const settings = clusterSettingsOf(cluster, PACKAGE.version);
  const config = loadConfig({
    scriptPath: resolve(around.folder, flags.script),
    cwd: around.folder,
    processEnv: around.variables,
    ...(flags.config === undefined ? {} : { configFlag: flags.config }),
  });
  const environment = resolveEnvironment({ flags, config, processEnv: around.variables });
  refuseEmbedded(environment);
  const target = await podTargetOf(environment, settings);
  const fleet = new Fleet({ bus: localWorkers(around.variables), onEvent: () => undefined });
  signals.onStop(() => fleet.close());
  try {
    const run = await prepareRun(onThisMachine(flags), { fleet, redactor: new Redactor(), around });
    const folder = realpathSync(run.plan.allowPaths[0] as string);
    const files = filesIn(folder, run, settings);
    const hasEnvironment = config.environments[environment.name] !== undefined;
    const variables = configVariables(config, environment.name);
    const workers = flags.workers === undefined ? WORKERS : run.plan.workers;
    const args = podArguments({
      flags,
      script: pathInProject(folder, realpathSync(run.plan.scriptPath)),
      config: flags.config === undefined ? undefined : files.configPath,
      environment: hasEnvironment ? environment.name : undefined,
      baseUrl: target.baseUrl,
      workers,
      printsJson: settings.resultsClaim === undefined,
    });
    const title = `${basename(flags.script, extname(flags.script))}-${flags.profile ?? 'run'}`;
    const { script, data, config: configFile } = files;
    const deadlineS = deadlineOf(run.plan);
    output.result(
      yamlDocuments(
        manifestsOf({ title, settings, target, arguments: args, files: script, data, config: configFile, variables, workers, deadlineS }),
      ),
    );
    for (const note of target.notes) output.note(note);
    for (const note of files.notes) output.note(note);
    const needed = variables.filter(({ isOptional }) => !isOptional).map(({ name }) => name);
    if (needed.length > 0) output.note(secretCommand(settings.namespace, needed));
    return 0;
  } finally {
    fleet.close();
  }
}

/** Made from the variables of the shell that it is pasted into: no value stands in it, in the shell's history or in the list of processes. */
function secretCommand(namespace: string, names: readonly string[]): string {
  const make = `kubectl -n ${namespace} create secret generic ${SECRET_NAME} --from-env-file=/dev/stdin`;
  return `the pod reads ${names.join(', ')} from a Secret, which this makes of your variables:\n  env | grep -E '^(${names.join('|')})=' | ${make}`;
}

/** A name of the cluster does not resolve out here; the pod asks the production guard again, with the real one. */
function onThisMachine(flags: RunFlags): RunFlags {
  const url = flags.baseUrl === undefined ? undefined : readUrl(flags.baseUrl);
  if (url === undefined) return flags;
  const { hostname } = url;
  const isOfCluster = !hostname.includes('.') || /\.svc(\.|$)/.test(hostname);
  return isOfCluster ? { ...flags, baseUrl: 'http://127.0.0.1' } : flags;
}

function filesIn(folder: string, run: PreparedRun, { files }: ClusterSettings) {
  const { configPath, scriptPath } = run.plan;
  const realConfig = configPath === undefined ? undefined : realpathSync(configPath);
  const inProject = realConfig === undefined ? undefined : pathInProject(folder, realConfig);
  if (files === 'image') return { script: undefined, data: undefined, config: undefined, configPath: inProject, notes: [] };
  const { ca, extraCa, cert, clientCerts } = run.plan.environment.tls;
  const tls = Object.entries({ ca, extra_ca: extraCa, cert, client_certs: clientCerts }).find(([, material]) => material !== undefined);
  if (tls !== undefined)
    throw new ConfigError(
      `environments.${run.plan.environment.name}.tls.${tls[0]}`,
      'expected no certificate or key file, as a ConfigMap is readable by many; got one',
      {
        hint: 'put the project into an image of your own that has it, and give --image NAME --files image',
      },
    );
  const isOther = (path: string): boolean => path !== realConfig;
  const code = codeOfScript(scriptPath, run.bundle.inputs).filter(isOther);
  const dataPaths = dataOfScript(scriptPath, run.answers).filter((path) => isOther(path) && !code.includes(path));
  const inConfigMap = (paths: string[]) => podFilesOf({ folder, paths, holder: 'ConfigMap' });
  const [config] = realConfig === undefined ? [] : inConfigMap([realConfig]);
  if (files === 'configmap') {
    const script = inConfigMap([...code, ...dataPaths]);
    return { script, data: undefined, config, configPath: inProject, notes: warningsOf(script.slice(code.length)) };
  }
  const data = podFilesOf({ folder, paths: dataPaths, holder: 'Secret' });
  const notes =
    data.length === 0
      ? ['--files secret: the script reads no data, so there is no Secret']
      : ['the Secret here is in base64, which hides nothing: keep this text as you keep the data'];
  return { script: inConfigMap(code), data, config, configPath: inProject, notes };
}

/** Data in a ConfigMap is readable for all who may look at the namespace. */
function warningsOf(data: readonly PodFile[]): string[] {
  return data.flatMap((file) => {
    const names = secretNamesIn(file);
    const shown = names.map((name) => JSON.stringify(name)).join(', ');
    const remedy = 'a ConfigMap is readable by many; --files secret puts data into a Secret';
    return names.length === 0 ? [] : [`warning: ${file.path} seems to hold secrets (${shown}), and ${remedy}`];
  });
}

/** Seconds after which the run cannot but be stuck. */
function deadlineOf({ scenarios, setupTimeoutUs, teardownTimeoutUs, warmUp, healthCheck }: RunPlan): number {
  const loadUs = lengthOf(scenarios).withGraceUs;
  const warmUpUs = warmUp.kind === 'duration' ? warmUp.durationUs : warmUp.kind === 'stable' ? warmUp.durationUsMax : 0;
  return Math.ceil((loadUs + warmUpUs + setupTimeoutUs + teardownTimeoutUs + healthCheck.waitUs) / 1_000_000) + DEADLINE_MARGIN_S;
}
