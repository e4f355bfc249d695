import { EXIT } from '../../../runtime/core/errors.ts';

/** A Kubernetes object as plain values. */
// biome-ignore lint/suspicious/noExplicitAny: manifests are read as what they may be, also as wrong ones
export type Manifest = any;

const CONFIG_MAP_BYTES_MAX = 1_048_576;
const NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;

/** What schemas do not see: rules across fields and objects. @returns what is wrong, one line each */
export function crossFieldProblems(manifests: readonly Manifest[]): string[] {
  const ofKind = (kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);
  return [
    ...manifests.flatMap(nameProblems),
    ...ofKind('ConfigMap').flatMap(configMapProblems),
    ...ofKind('Job').flatMap((job) => [...jobProblems(job), ...podProblems(job, ofKind('ConfigMap'))]),
    ...ofKind('NetworkPolicy').flatMap((policy) => policyProblems(policy, ofKind('Job'))),
    ...(ofKind('Job').length > 0 && ofKind('NetworkPolicy').length === 0 ? ['a Job without a NetworkPolicy'] : []),
  ];
}

function nameProblems({ kind, metadata }: Manifest): string[] {
  const name: string = metadata?.name ?? '';
  const isGood = NAME.test(name) && name.length <= 63; // a Job's pods carry its name in a label
  return isGood ? [] : [`${kind}: the name "${name}" is none`];
}

function configMapProblems({ metadata, data = {}, binaryData = {} }: Manifest): string[] {
  const bytes = Object.entries({ ...data, ...binaryData }).reduce(
    (sum, [key, text]) => sum + key.length + Buffer.byteLength(text as string),
    0,
  );
  return bytes > CONFIG_MAP_BYTES_MAX ? [`ConfigMap ${metadata.name}: ${bytes} bytes are over 1 MiB`] : [];
}

function jobProblems({ spec }: Manifest): string[] {
  const pod = spec.template?.spec ?? {};
  const rules: Manifest[] = spec.podFailurePolicy?.rules ?? [];
  const names: string[] = (pod.containers ?? []).map(({ name }: Manifest) => name);
  const final = rules.find(({ action, onExitCodes }) => action === 'FailJob' && onExitCodes?.operator === 'In');
  const verdicts = Object.values(EXIT).filter((code) => code !== EXIT.passed && code !== EXIT.interrupted);
  const codes: number[] = final?.onExitCodes.values ?? [];
  return [
    ...(pod.restartPolicy === 'Never' ? [] : [`restartPolicy is ${pod.restartPolicy}, not Never`]),
    ...(spec.backoffLimit === 0 ? [] : [`backoffLimit is ${spec.backoffLimit}, not 0`]),
    ...(spec.podReplacementPolicy === 'Failed' ? [] : ['podReplacementPolicy is not Failed']),
    ...(spec.completions === spec.parallelism ? [] : ['completions and parallelism differ']),
    ...(spec.activeDeadlineSeconds > 0 ? [] : ['activeDeadlineSeconds is missing']),
    ...verdicts.filter((code) => !codes.includes(code)).map((code) => `exit code ${code} is not final`),
    ...codes
      .filter((code, i) => code === 0 || code === EXIT.interrupted || codes.indexOf(code) !== i)
      .map((code) => `exit code ${code} is listed wrongly`),
    ...rules.flatMap(({ onExitCodes }) =>
      onExitCodes === undefined || names.includes(onExitCodes.containerName) ? [] : [`no container ${onExitCodes.containerName}`],
    ),
  ];
}

function podProblems({ spec }: Manifest, configMaps: readonly Manifest[]): string[] {
  const pod = spec.template?.spec ?? {};
  const volumes: Manifest[] = pod.volumes ?? [];
  const volumeNames = volumes.map(({ name }) => name);
  const context = pod.securityContext ?? {};
  return [
    ...(context.runAsNonRoot === true && context.runAsUser > 0 ? [] : ['the pod may run as root']),
    ...(context.seccompProfile?.type === 'RuntimeDefault' ? [] : ['no seccomp profile']),
    ...(pod.automountServiceAccountToken === false ? [] : ['a token of the API server is mounted']),
    ...(pod.containers ?? []).flatMap((container: Manifest) => containerProblems(container, volumeNames)),
    ...volumes.flatMap(sourcesOf).flatMap(({ name, items = [] }: Manifest) => {
      const map = configMaps.find(({ metadata }) => metadata.name === name);
      if (map === undefined) return [`no ConfigMap ${name}`];
      const keys = Object.keys({ ...map.data, ...map.binaryData });
      return items.filter(({ key }: Manifest) => !keys.includes(key)).map(({ key }: Manifest) => `ConfigMap ${name} has no key ${key}`);
    }),
  ];
}

function sourcesOf({ configMap, projected }: Manifest): Manifest[] {
  return [configMap, ...(projected?.sources ?? []).map((source: Manifest) => source.configMap)].filter(Boolean);
}

function containerProblems(
  { name, securityContext = {}, resources = {}, volumeMounts = [], env = [], args = [] }: Manifest,
  volumes: string[],
): string[] {
  const mounted: string[] = volumeMounts.map(({ mountPath }: Manifest) => mountPath);
  const runDir = args[args.indexOf('--run-dir') + 1];
  const variables = [...args.join(' ').matchAll(/\$\((\w+)\)/g)].map((match) => match[1] as string);
  return [
    ...(securityContext.allowPrivilegeEscalation === false ? [] : [`${name} may escalate`]),
    ...(securityContext.readOnlyRootFilesystem === true ? [] : [`the root of ${name} is writable`]),
    ...(securityContext.capabilities?.drop?.includes('ALL') ? [] : [`${name} keeps capabilities`]),
    ...(resources.requests?.cpu && resources.requests?.memory ? [] : [`${name} asks for no CPU or memory`]),
    ...(bytesOf(resources.requests?.memory) <= bytesOf(resources.limits?.memory) ? [] : [`${name} asks for more memory than its limit`]),
    ...volumeMounts.filter((mount: Manifest) => !volumes.includes(mount.name)).map((mount: Manifest) => `no volume ${mount.name}`),
    ...(args.includes('--run-dir') && mounted.includes(runDir) ? [] : [`${name} keeps its runs nowhere`]),
    ...(mounted.some((path) => path !== '/' && args[0]?.startsWith(`${path}/`)) ? [] : [`the script ${args[0]} is on no volume`]),
    ...variables.filter((variable) => !env.some((each: Manifest) => each.name === variable)).map((variable) => `$(${variable}) is not set`),
  ];
}

function bytesOf(quantity: string | undefined): number {
  const [, number = '0', unit = ''] = /^(\d+)(Ki|Mi|Gi)?$/.exec(quantity ?? '') ?? [];
  return Number(number) * 1024 ** ['', 'Ki', 'Mi', 'Gi'].indexOf(unit);
}

function policyProblems({ spec }: Manifest, jobs: readonly Manifest[]): string[] {
  const wanted = Object.entries(spec.podSelector?.matchLabels ?? {});
  const isAbout = ({ spec: job }: Manifest): boolean => wanted.every(([key, value]) => job.template.metadata.labels[key] === value);
  return [
    ...(wanted.length > 0 && jobs.every(isAbout) ? [] : ['the policy selects other pods than those of the Job']),
    ...(['Ingress', 'Egress'].every((type) => spec.policyTypes?.includes(type)) ? [] : ['the policy leaves one direction open']),
    ...(spec.egress ?? []).flatMap(({ to, ports }: Manifest) =>
      to?.length > 0 && ports?.length > 0 ? [] : ['an egress rule without destination or port allows all'],
    ),
    ...((spec.egress ?? []).some(({ ports }: Manifest) => ports?.some(({ port }: Manifest) => port === 53))
      ? []
      : ['the policy allows no DNS']),
  ];
}
