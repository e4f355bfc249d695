import { lookup } from 'node:dns/promises';
import { isIP, isIPv6 } from 'node:net';
import { ConfigError } from '../../core/errors.ts';
import { HostTable } from '../../core/host-table.ts';
import type { EnvironmentPlan } from '../../core/plan.ts';
import { bypassesProxy } from '../../core/proxy-bypass.ts';
import type { ClusterSettings } from './cluster-settings.ts';

/** Where a pod may send to, one rule of a NetworkPolicy. */
export interface EgressRule {
  to: Record<string, unknown>[];
  ports: { protocol: 'TCP' | 'UDP'; port: number }[];
}

/** The target as seen from a pod. */
export interface PodTarget {
  /** Replaces the environment's, may name variables as $(NAME); undefined: the environment's holds. */
  readonly baseUrl: string | undefined;
  /** The address of the pod's node is wanted as $(NODE_IP). */
  readonly needsNodeIp: boolean;
  readonly egress: readonly EgressRule[];
  /** For people: what the policy could not say exactly. */
  readonly notes: readonly string[];
}

const NODE_PORT_MIN = 30_000;
const NODE_PORT_MAX = 32_767;
const LOOPBACK = /^(localhost|127\..*|::1|0\.0\.0\.0|::|host\.docker\.internal)$/;
const SERVICE = /^([a-z0-9-]+)(?:\.([a-z0-9-]+)\.svc(?:\.[a-z0-9.-]+)?)?$/;
const REMEDY = '--base-url http://SERVICE.NAMESPACE.svc.cluster.local:PORT';

/**
 * How a pod reaches the environment's target, and the egress that this needs.
 * @throws {ConfigError} when it cannot: the embedded target, and addresses that are the pod itself
 */
export async function podTargetOf(environment: EnvironmentPlan, settings: ClusterSettings): Promise<PodTarget> {
  refuseEmbedded(environment);
  if (environment.socketPath !== undefined)
    throw new ConfigError(
      `environments.${environment.name}.unix_socket`,
      'expected no socket, as a pod has none of those of this machine; got one',
      {
        hint: REMEDY,
      },
    );
  const url = new URL(environment.baseUrl);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const via = environment.proxy?.[url.protocol === 'https:' ? 'https' : 'http'];
  if (via !== undefined && !bypassesProxy(environment.proxy?.bypass ?? [], host, port)) {
    const { proxy: _, ...straight } = environment;
    return { ...(await podTargetOf({ ...straight, baseUrl: via.url }, settings)), baseUrl: undefined };
  }
  const places = new HostTable(environment.hosts).placesOf(host, port);
  if (places.length > 0)
    return {
      baseUrl: undefined,
      needsNodeIp: false,
      egress: places.map((place) => egressTo(place.address, place.port ?? port)),
      notes: [],
    };
  if (LOOPBACK.test(host)) return nodePortTarget(environment, { url, port, settings });
  const service = isIP(host) === 0 ? SERVICE.exec(host) : null;
  if (service !== null) return serviceTarget(service[2] ?? settings.namespace, port, settings);
  const addresses = isIP(host) !== 0 ? [host] : (await lookup(host, { all: true }).catch(() => [])).map(({ address }) => address);
  if (addresses.length === 0)
    throw new ConfigError('--base-url', `expected a host that resolves, or one of the cluster's; got ${host}`, { hint: REMEDY });
  return {
    baseUrl: undefined,
    needsNodeIp: false,
    egress: [{ to: addresses.map(blockOf), ports: tcp(port) }],
    notes:
      isIP(host) !== 0 ? [] : [`the policy allows ${host} by its addresses of now: ${addresses.join(', ')}; print again when they change`],
  };
}

function egressTo(address: string, port: number): PodTarget['egress'][number] {
  return { to: [blockOf(address)], ports: tcp(port) };
}

function blockOf(address: string): { ipBlock: { cidr: string } } {
  return { ipBlock: { cidr: `${address}/${isIPv6(address) ? 128 : 32}` } };
}

/** @throws {ConfigError} before any work is done for it */
export function refuseEmbedded({ target, name }: Pick<EnvironmentPlan, 'target' | 'name'>): void {
  if (target !== 'embedded') return;
  throw new ConfigError(
    '--env',
    `expected an environment with an address; got ${name}, whose embedded target would share the pod with the load`,
    {
      hint: `deploy the target by itself (stressrun target --host 0.0.0.0 is one), and give ${REMEDY}`,
    },
  );
}

/** A NodePort is on every node, its own included; what else is on localhost is the pod itself. */
function nodePortTarget(
  { name }: EnvironmentPlan,
  { url, port, settings }: { url: URL; port: number; settings: ClusterSettings },
): PodTarget {
  if (port < NODE_PORT_MIN || port > NODE_PORT_MAX || url.hostname === 'host.docker.internal') {
    throw new ConfigError(
      `environments.${name}.base_url`,
      `expected an address that a pod reaches; got ${url.origin}, which in a pod is the pod itself`,
      {
        hint: `give ${REMEDY}`,
      },
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  const pods = settings.targetPods === undefined ? [] : [podRule(undefined, settings.targetPort ?? port, settings)];
  return {
    baseUrl: `${url.protocol}//$(NODE_IP):${port}${path}`,
    needsNodeIp: true,
    egress: [{ to: [{ ipBlock: { cidr: '0.0.0.0/0' } }], ports: tcp(port) }, ...pods],
    notes: [
      `${url.origin} is a NodePort: the pod asks its node, and the policy allows port ${port} of any address, as a node's is not known; for the target alone give ${REMEDY}`,
    ],
  };
}

function serviceTarget(namespace: string, port: number, settings: ClusterSettings): PodTarget {
  const notes: string[] = [];
  if (settings.targetPods === undefined)
    notes.push(`the policy allows every pod of the namespace ${namespace}; for the target alone give --target-pods KEY=VALUE`);
  if (settings.targetPort === undefined)
    notes.push(`policies see the port of the pods, taken to be ${port} as in the URL; if theirs differs give --target-port N`);
  return { baseUrl: undefined, needsNodeIp: false, egress: [podRule(namespace, settings.targetPort ?? port, settings)], notes };
}

function podRule(namespace: string | undefined, port: number, { targetPods }: ClusterSettings): EgressRule {
  const namespaceSelector = namespace === undefined ? {} : { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
  const podSelector = targetPods === undefined ? {} : { matchLabels: { ...targetPods } };
  return { to: [{ namespaceSelector, podSelector }], ports: tcp(port) };
}

function tcp(port: number): EgressRule['ports'] {
  return [{ protocol: 'TCP', port }];
}
