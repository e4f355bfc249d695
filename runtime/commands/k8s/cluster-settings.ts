import { ConfigError } from '../../core/errors.ts';

/** The flags of `stressrun k8s` as typed. */
export interface ClusterFlags {
  image?: string;
  namespace?: string;
  /** `app=inference,tier=api`. */
  targetPods?: string;
  targetPort?: string;
  resultsClaim?: string;
  files?: string;
}

/** The cluster's side of a run. */
export interface ClusterSettings {
  readonly image: string;
  readonly namespace: string;
  /** Labels of the pods that answer; undefined: any pod of the service's namespace. */
  readonly targetPods: Readonly<Record<string, string>> | undefined;
  /** Port that the target's pods listen on; undefined: that of the URL. */
  readonly targetPort: number | undefined;
  /** PersistentVolumeClaim for run folders; undefined: the log has the result. */
  readonly resultsClaim: string | undefined;
  /** Where the pod finds script and config.yaml; `secret`: as `configmap`, with data and pictures in a Secret. */
  readonly files: 'configmap' | 'secret' | 'image';
}

const LABEL_MAX = 63;
const PORT_MAX = 65_535;
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;
const DNS_NAME = /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/;
const LABEL_KEY = /^([a-z0-9]([a-z0-9.-]*[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?)?$/;
/** `registry:5000/team/name:tag@sha256:…`. */
const IMAGE = /^([A-Za-z0-9.-]+(:\d+)?\/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$/;

/** Reads the flags, with the defaults. @throws {ConfigError} for what the API server would refuse */
export function clusterSettingsOf(flags: ClusterFlags, version: string): ClusterSettings {
  const namespace = flags.namespace ?? 'stressrun';
  if (!DNS_LABEL.test(namespace) || namespace.length > LABEL_MAX)
    throw refused('--namespace', 'a name of lower-case letters, digits and dashes, at most 63 long', namespace);
  const image = flags.image ?? `stressrun:${version}`;
  if (!IMAGE.test(image)) throw refused('--image', 'an image such as registry.example.com/team/stressrun:1.2.0', image);
  const { resultsClaim, files = 'configmap' } = flags;
  if (resultsClaim !== undefined && !DNS_NAME.test(resultsClaim))
    throw refused('--results-claim', 'the name of a PersistentVolumeClaim', resultsClaim);
  if (files !== 'configmap' && files !== 'secret' && files !== 'image') throw refused('--files', '"configmap", "secret" or "image"', files);
  return {
    image,
    namespace,
    resultsClaim,
    files,
    targetPods: flags.targetPods === undefined ? undefined : labelsOf(flags.targetPods),
    targetPort: flags.targetPort === undefined ? undefined : portOf(flags.targetPort),
  };
}

function labelsOf(text: string): Record<string, string> {
  const pairs = text.split(',').map((pair) => pair.trim().split('='));
  for (const [key, value, ...more] of pairs) {
    const isGood = key !== undefined && value !== undefined && more.length === 0 && LABEL_KEY.test(key) && LABEL_VALUE.test(value);
    if (!isGood || value.length > LABEL_MAX) throw refused('--target-pods', 'labels such as app=inference,tier=api', text);
  }
  return Object.fromEntries(pairs as [string, string][]);
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > PORT_MAX) throw refused('--target-port', `a port, 1 to ${PORT_MAX}`, text);
  return port;
}

function refused(where: string, expected: string, got: string): ConfigError {
  return new ConfigError(where, `expected ${expected}; got ${JSON.stringify(got)}`, { hint: 'see stressrun k8s --help' });
}
