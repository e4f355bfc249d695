import { BlockList, isIP } from 'node:net';
import { ConfigError } from '../core/errors.ts';
import type { EnvironmentPlan } from '../core/plan.ts';
import type { HostPlan } from '../core/reach-plan.ts';
import { readUrl } from '../core/read-url.ts';
import type { LoadedConfig } from './load-config.ts';
import { hostsOf, hostsSchema, socketPathOf } from './reach-schema.ts';
import { substitute } from './variables.ts';

/** What the guard must know of every environment of the configuration, selected or not. */
export interface GuardedEnvironment extends Pick<EnvironmentPlan, 'name' | 'baseUrl' | 'isProduction' | 'allowHosts'> {
  /** Those that its `hosts` names: they are its hosts as well. */
  readonly hostAddresses?: readonly string[];
  /** It is what the base URL stands for then, and not a host. */
  readonly socketPath?: string;
}

interface GuardInput {
  readonly environments: readonly GuardedEnvironment[];
  /** Absolute URL that the load goes to. */
  readonly url: string;
  /** Unix socket that it goes to instead. */
  readonly socketPath?: string | undefined;
  /** Host (as in a URL, without brackets) → its addresses, for the target and for every host of {@link hostsToResolve}; missing or empty: it does not resolve. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** Names given with `--allow-production`. */
  readonly allowProduction: readonly string[];
}

/**
 * Whether load may go to the target: every host of an environment marked `production`, and every public address that no environment
 * names, must be allowed by name. Judged by host and by resolved address, so an alias of a production host is production.
 * @returns the refusal; undefined when the load may go there
 */
export function productionGuard({ environments, url, socketPath, addresses, allowProduction }: GuardInput): ConfigError | undefined {
  const host = placeOf(url, socketPath);
  const targetAddresses = isIP(host) ? [host] : (addresses.get(host) ?? []);
  const naming = environments.filter((environment) =>
    patternsOf(environment).some((pattern) => matches(pattern, { host, targetAddresses, addresses })),
  );
  const production = naming.filter((environment) => environment.isProduction);

  const forbidden = production.find((environment) => !allowProduction.includes(environment.name));
  if (forbidden !== undefined) {
    const isNamed = patternsOf(forbidden).some((pattern) => matchesHost(pattern, host));
    const who = isNamed ? host : `${host} (${targetAddresses.join(', ')}, an address of it)`;
    return new ConfigError(
      '--allow-production',
      `expected "${forbidden.name}", because ${who} belongs to the production environment ${forbidden.name}; got ${givenText(allowProduction)}`,
      {
        hint: `if load on production is meant: --allow-production ${forbidden.name}`,
      },
    );
  }
  if (naming.length > 0 || socketPath !== undefined || allowProduction.includes(host)) return undefined;
  if (targetAddresses.length === 0) {
    return new ConfigError('--base-url', `expected a host that resolves; got ${host}, which has no address here`, {
      hint: 'is it spelled as it should be, and is this machine on the right network?',
    });
  }
  const publicAddress = targetAddresses.find(isPublicAddress);
  if (publicAddress === undefined) return undefined;
  const address = publicAddress === host ? host : `${host} (${publicAddress})`;
  return new ConfigError(
    '--allow-production',
    `expected "${host}", because ${address} is public and no environment names it; got ${givenText(allowProduction)}`,
    {
      hint: `add it to environments in config.yaml, or give --allow-production ${host}`,
    },
  );
}

/**
 * Whether `allow_hosts` or `hosts` of the environment opens a way to a production host: its own base URL may be harmless, and the script's requests are not.
 * @returns the refusal; undefined when it opens none, or one that is allowed
 */
export function allowHostsGuard(
  input: Omit<GuardInput, 'url'> & Pick<GuardedEnvironment, 'allowHosts' | 'hostAddresses'>,
): ConfigError | undefined {
  const { environments, allowHosts, hostAddresses = [], addresses, allowProduction } = input;
  const opened = patternsOf({ baseUrl: '', allowHosts, hostAddresses });
  for (const environment of environments) {
    if (!environment.isProduction || allowProduction.includes(environment.name)) continue;
    const hosts = patternsOf(environment);
    const open = opened.find((pattern) => hosts.some((host) => meet(pattern, host, addresses)));
    if (open === undefined) continue;
    const setting = hostAddresses.includes(open) ? 'hosts' : 'allow_hosts';
    return new ConfigError(
      '--allow-production',
      `expected "${environment.name}", because "${open}" in ${setting} leads to the production environment ${environment.name}; got ${givenText(allowProduction)}`,
      { hint: `take it out of ${setting}, or, if load on production is meant: --allow-production ${environment.name}` },
    );
  }
  return undefined;
}

/** Every host whose addresses the guard needs: the target's and those of all environments. */
export function hostsToResolve(environments: readonly GuardedEnvironment[], url: string): string[] {
  const hosts = [hostOf(url), ...environments.flatMap(patternsOf).filter((pattern) => !pattern.includes('*') && !pattern.includes('/'))];
  return [...new Set(hosts)].filter((host) => isIP(host) === 0);
}

/** All environments of the configuration that have an address; one whose base URL needs a variable that is not set is left out. */
export function guardedEnvironments(config: LoadedConfig, processEnv: Readonly<Record<string, string | undefined>>): GuardedEnvironment[] {
  return Object.entries(config.environments).flatMap(([name, entry]) => {
    const settings = substitute(entry, processEnv).value as Record<string, unknown> | null;
    const baseUrl = settings?.['base_url'];
    if (typeof baseUrl !== 'string' || readUrl(baseUrl) === undefined) return [];
    const allowHosts = Array.isArray(settings?.['allow_hosts']) ? settings['allow_hosts'].filter((host) => typeof host === 'string') : [];
    const hosts = hostsSchema.safeParse(settings?.['hosts']);
    const hostAddresses = hosts.success ? addressesOf(hostsOf(hosts.data)) : [];
    const { unix_socket: text } = settings ?? {};
    const socket =
      typeof text === 'string'
        ? { socketPath: socketPathOf(text, { where: `environments.${name}.unix_socket`, folder: config.folder }) }
        : {};
    const isProduction = [true, 'true'].includes(settings?.['production'] as boolean | string);
    return [{ name, baseUrl, isProduction, allowHosts, ...(hostAddresses.length === 0 ? {} : { hostAddresses }), ...socket }];
  });
}

/** The addresses that names of an environment stand for. */
export function addressesOf(hosts: readonly HostPlan[] = []): string[] {
  return hosts.flatMap(({ places }) => places.map(({ address }) => address));
}

/** Whether anyone on the internet could own it: neither loopback nor private (RFC 1918, RFC 4193) nor link-local nor unspecified. */
export function isPublicAddress(address: string): boolean {
  return !LOCAL_ADDRESSES.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

const LOCAL_ADDRESSES = new BlockList();
for (const [network, prefix] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['169.254.0.0', 16],
] as const)
  LOCAL_ADDRESSES.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  LOCAL_ADDRESSES.addSubnet(network, prefix, 'ipv6');
LOCAL_ADDRESSES.addAddress('0.0.0.0', 'ipv4');
for (const address of ['::', '::1']) LOCAL_ADDRESSES.addAddress(address, 'ipv6');

interface Target {
  readonly host: string;
  readonly targetAddresses: readonly string[];
  readonly addresses: ReadonlyMap<string, readonly string[]>;
}

function hostOf(url: string): string {
  return new URL(url).hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
}

/** The host, or `unix:` and a path. */
function placeOf(url: string, socketPath: string | undefined): string {
  return socketPath === undefined ? hostOf(url) : `unix:${socketPath}`;
}

/** Hosts, wildcards, addresses and networks of an environment; ports do not matter here. */
function patternsOf({ baseUrl, socketPath, allowHosts, hostAddresses = [] }: Omit<GuardedEnvironment, 'name' | 'isProduction'>): string[] {
  const others = allowHosts.map((entry) =>
    (entry.includes('/') || isIP(entry) !== 0
      ? entry
      : entry
          .replace(/:\d+$/, '')
          .replace(/^\[|\]$/g, '')
          .replace(/\.$/, '')
    ).toLowerCase(),
  );
  return [...(baseUrl === '' ? [] : [placeOf(baseUrl, socketPath)]), ...others, ...hostAddresses];
}

/** Whether some host or address fits both patterns. */
function meet(one: string, other: string, addresses: Target['addresses']): boolean {
  const within = (pattern: string, host: string): boolean => {
    const base = host.split('/')[0] ?? '';
    return matches(pattern, { host, targetAddresses: isIP(base) === 0 ? (addresses.get(host) ?? []) : [base], addresses });
  };
  return within(one, other) || within(other, one);
}

function matches(pattern: string, target: Target): boolean {
  if (matchesHost(pattern, target.host)) return true;
  const own = isIP(pattern) !== 0 || pattern.includes('/') ? [pattern] : (target.addresses.get(pattern) ?? []);
  return own.some((network) => target.targetAddresses.some((address) => contains(network, address)));
}

function matchesHost(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') ? host.endsWith(pattern.slice(1)) : pattern === host;
}

/** Whether an address lies in a network (`address/prefix`) or is the address, however either is spelled. */
function contains(network: string, address: string): boolean {
  const [base = '', prefix] = network.split('/');
  const family = isIP(base) === 6 ? 'ipv6' : 'ipv4';
  if (isIP(base) === 0 || isIP(address) === 0) return false;
  const list = new BlockList();
  if (prefix === undefined) list.addAddress(base, family);
  else if (/^\d+$/.test(prefix) && Number(prefix) <= (family === 'ipv6' ? 128 : 32)) list.addSubnet(base, Number(prefix), family);
  return list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function givenText(allowProduction: readonly string[]): string {
  return allowProduction.length === 0 ? 'nothing' : allowProduction.map((name) => JSON.stringify(name)).join(', ');
}
