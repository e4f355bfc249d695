import { createHash } from 'node:crypto';
import { EXIT } from '../../core/errors.ts';
import type { ClusterSettings } from './cluster-settings.ts';
import { POD } from './pod-arguments.ts';
import type { PodFile } from './pod-files.ts';
import type { PodTarget } from './pod-target.ts';

/** All that the manifests of one run are made of. */
export interface ManifestInput {
  /** What the run is called, such as `predict-load`; becomes part of the names. */
  readonly title: string;
  readonly settings: ClusterSettings;
  readonly target: PodTarget;
  readonly arguments: readonly string[];
  /** Script, modules and data; undefined: in the image. */
  readonly files: readonly PodFile[] | undefined;
  /** Data and pictures in a Secret; undefined: they are among the files, or in the image. */
  readonly data?: readonly PodFile[] | undefined;
  /** config.yaml, in a ConfigMap of its own. */
  readonly config: PodFile | undefined;
  /** Variables that config.yaml names; those without a default must be in the Secret. */
  readonly variables: readonly { readonly name: string; readonly isOptional: boolean }[];
  readonly workers: number;
  /** How long the pod may take, seconds. */
  readonly deadlineS: number;
}

/** Holds what config.yaml takes from variables; made by hand, never printed. */
export const SECRET_NAME = 'stressrun-env';
const NAME_MAX = 40;
const USER = 10_001;
const CONTAINER = 'stressrun';
const KEPT_S = 86_400;
/** Codes that say something of the target, the script or the settings: asking again is for people. An interrupted run (105) says nothing. */
const FINAL_CODES = Object.values(EXIT)
  .filter((code) => code !== EXIT.passed && code !== EXIT.interrupted)
  .sort((a, b) => a - b);

/** ConfigMaps, Secret, NetworkPolicy and Job, to be applied in this order. */
export function manifestsOf(input: ManifestInput): Record<string, unknown>[] {
  const digest = createHash('sha256').update(JSON.stringify(input)).digest('hex').slice(0, 8);
  const title = input.title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, NAME_MAX)
    .replace(/^-+|-+$/g, '');
  const name = `stressrun-${title}-${digest}`;
  const labels = { 'app.kubernetes.io/name': 'stressrun', 'app.kubernetes.io/instance': name };
  const metadata = (suffix = '') => ({ name: `${name}${suffix}`, namespace: input.settings.namespace, labels });
  const configMap = (suffix: string, files: readonly PodFile[]) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(suffix),
    immutable: true,
    ...dataOf(files),
  });
  return [
    ...(input.config === undefined ? [] : [configMap('-config', [input.config])]),
    ...(input.files === undefined ? [] : [configMap('-script', input.files)]),
    ...(hasData(input.data)
      ? [{ apiVersion: 'v1', kind: 'Secret', metadata: metadata('-data'), type: 'Opaque', immutable: true, data: base64Of(input.data) }]
      : []),
    { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: metadata(), spec: policyOf(labels, input.target) },
    { apiVersion: 'batch/v1', kind: 'Job', metadata: metadata(), spec: jobOf(input, name, labels) },
  ];
}

function hasData(data: readonly PodFile[] | undefined): data is readonly PodFile[] {
  return data !== undefined && data.length > 0;
}

function base64Of(files: readonly PodFile[]): Record<string, string> {
  return Object.fromEntries(files.map(({ key, bytes }) => [key, bytes.toString('base64')]));
}

function dataOf(files: readonly PodFile[]): Record<string, unknown> {
  const text = files.filter(({ isText }) => isText).map(({ key, bytes }) => [key, bytes.toString('utf8')]);
  const binary = base64Of(files.filter(({ isText }) => !isText));
  return {
    ...(text.length === 0 ? {} : { data: Object.fromEntries(text) }),
    ...(Object.keys(binary).length === 0 ? {} : { binaryData: binary }),
  };
}

/** Names are asked of the cluster's DNS; beside that, nothing but the target is reached, and nobody reaches the pod. */
function policyOf(labels: Record<string, string>, { egress }: PodTarget): Record<string, unknown> {
  const dns = {
    to: [
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
        podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
      },
    ],
    ports: [
      { protocol: 'UDP', port: 53 },
      { protocol: 'TCP', port: 53 },
    ],
  };
  return { podSelector: { matchLabels: labels }, policyTypes: ['Ingress', 'Egress'], ingress: [], egress: [dns, ...egress] };
}

function jobOf(input: ManifestInput, name: string, labels: Record<string, string>): Record<string, unknown> {
  return {
    completions: 1,
    parallelism: 1,
    backoffLimit: 0,
    activeDeadlineSeconds: input.deadlineS,
    ttlSecondsAfterFinished: KEPT_S,
    podReplacementPolicy: 'Failed',
    podFailurePolicy: {
      rules: [
        { action: 'FailJob', onExitCodes: { containerName: CONTAINER, operator: 'In', values: FINAL_CODES } },
        { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
      ],
    },
    template: { metadata: { labels }, spec: podOf(input, name) },
  };
}

function podOf(input: ManifestInput, name: string): Record<string, unknown> {
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: 60,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER,
      runAsGroup: USER,
      fsGroup: USER,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [containerOf(input)],
    volumes: volumesOf(input, name),
  };
}

function containerOf(input: ManifestInput): Record<string, unknown> {
  const hasProject = input.files !== undefined || input.config !== undefined;
  const variables = input.variables.map(({ name, isOptional }) => ({
    name,
    valueFrom: { secretKeyRef: { name: SECRET_NAME, key: name, ...(isOptional ? { optional: true } : {}) } },
  }));
  return {
    name: CONTAINER,
    image: input.settings.image,
    args: input.arguments,
    env: [
      { name: 'HOME', value: POD.temporary },
      ...(input.target.needsNodeIp ? [{ name: 'NODE_IP', valueFrom: { fieldRef: { fieldPath: 'status.hostIP' } } }] : []),
      ...variables,
    ],
    // no CPU limit: a throttled generator measures its own throttling
    resources: { requests: { cpu: String(input.workers), memory: '1Gi' }, limits: { memory: '2Gi' } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      ...(hasProject ? [{ name: 'project', mountPath: POD.project, readOnly: true }] : []),
      { name: 'results', mountPath: POD.results },
      { name: 'tmp', mountPath: POD.temporary },
    ],
  };
}

function volumesOf({ files, data, config, settings }: ManifestInput, name: string): Record<string, unknown>[] {
  const itemsOf = (suffix: string, parts: readonly PodFile[]) => ({
    name: `${name}${suffix}`,
    items: parts.map(({ key, path }) => ({ key, path })),
  });
  const sources = [
    ...(config === undefined ? [] : [{ configMap: itemsOf('-config', [config]) }]),
    ...(files === undefined ? [] : [{ configMap: itemsOf('-script', files) }]),
    ...(hasData(data) ? [{ secret: itemsOf('-data', data) }] : []),
  ];
  const results =
    settings.resultsClaim === undefined
      ? { name: 'results', emptyDir: { sizeLimit: '1Gi' } }
      : { name: 'results', persistentVolumeClaim: { claimName: settings.resultsClaim } };
  return [
    ...(sources.length === 0 ? [] : [{ name: 'project', projected: { sources } }]),
    results,
    { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
  ];
}
