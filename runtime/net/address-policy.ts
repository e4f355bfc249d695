import ipaddr from 'ipaddr.js';
import { ConfigError } from '../core/errors.ts';
import { isForbidden, isInternal, plainAddress } from './address-space.ts';
import type { Failure } from './error-codes.ts';
import { type Target, targetOf } from './target.ts';

type Address = ReturnType<typeof ipaddr.process>;

interface NameRule {
  /** Lower case, without the dot at the end. */
  readonly name: string;
  /** Whether it stands for the names below it (`*.name`), not for itself. */
  readonly isBelow: boolean;
  /** Empty: any. */
  readonly ports: readonly number[];
}

interface AddressRule {
  readonly network: Address;
  readonly bits: number;
  readonly ports: readonly number[];
  /** Written out in allow_hosts: permits even what is forbidden otherwise. */
  readonly isExplicit: boolean;
}

interface PolicyOptions {
  /** Key path of the environment. */
  readonly where?: string;
  /** The base URL stands for a Unix socket: its host may be asked at that port alone, which is none of TCP. */
  readonly isPortless?: boolean;
}

const SHAPES = 'a host such as "api.example.com", "api.example.com:8443", "*.example.com", an address or a CIDR such as "10.0.0.0/8"';

/**
 * Which servers may be asked: the environment's own and those of `allow_hosts`. Link-local and metadata addresses never,
 * unless written out there; loopback and private ones that a wildcard's name resolves to only when they are allowed as well. Judges a URL before it is dispatched, and again every address its name resolves to.
 */
export class AddressPolicy {
  readonly #names: NameRule[] = [];
  readonly #addresses: AddressRule[] = [];
  readonly #own: string;

  /** @throws {ConfigError} when an entry of `allowHosts` cannot be read */
  constructor(base: Target, allowHosts: readonly string[], { where = '', isPortless = false }: PolicyOptions = {}) {
    this.#own = base.origin;
    const isDefault = base.port === 80 || base.port === 443; // so that http may redirect to https
    const defaultPorts = isDefault && !isPortless ? [80, 443] : [base.port];
    if (base.isAddress) this.#addresses.push(singleAddress(base.hostname, { ports: defaultPorts, isExplicit: false }));
    else this.#names.push({ name: plainName(base.hostname), isBelow: false, ports: defaultPorts });
    for (const [i, entry] of allowHosts.entries()) this.#allow(entry.trim(), `${where === '' ? '' : `${where}.`}allow_hosts[${i}]`);
  }

  /** @returns why the target may not be asked; undefined when it may */
  refusalOf(target: Target): Failure | undefined {
    const { hostname, port } = target;
    if (target.isAddress) return this.#refusalOfAddress(plainAddress(hostname), port, { isListed: false });
    const name = plainName(hostname);
    return this.#namesOf(name, port).length > 0 ? undefined : { kind: 'blocked-address', errorCode: 1111, error: this.#hint(name, port) };
  }

  /** As {@link refusalOf}, for the place that an allowed name stands for: it may have another port. */
  refusalOfResolved({ name, port }: { name: string; port: number }, place: { address: string; port: number }): Failure | undefined {
    const isNamed = this.#namesOf(plainName(name), port).some(({ isBelow }) => !isBelow);
    const plain = plainAddress(place.address);
    const refusal = this.#refusalOfAddress(plain, place.port, { isListed: isNamed || !isInternal(plain) });
    return refusal === undefined ? undefined : { ...refusal, error: `${name} resolves to ${refusal.error}` };
  }

  #namesOf(name: string, port: number): NameRule[] {
    return this.#names.filter((rule) => isPort(rule, port) && (rule.isBelow ? name.endsWith(`.${rule.name}`) : name === rule.name));
  }

  #refusalOfAddress(address: Address, port: number, { isListed }: { isListed: boolean }): Failure | undefined {
    const rules = this.#addresses.filter(
      (rule) => isPort(rule, port) && address.kind() === rule.network.kind() && address.match(rule.network, rule.bits),
    );
    if (rules.some((rule) => rule.isExplicit)) return undefined;
    const text = address.toString();
    if (isForbidden(address)) {
      const error = `${text}, a link-local or metadata address, which is never asked; to permit it add "${text}" itself to allow_hosts of the environment`;
      return { kind: 'blocked-address', errorCode: 1110, error };
    }
    return isListed || rules.length > 0 ? undefined : { kind: 'blocked-address', errorCode: 1110, error: this.#hint(text, port) };
  }

  #hint(host: string, port: number): string {
    const entry = port === 80 || port === 443 ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
    return `${host} port ${port} does not belong to the environment (${this.#own}); to permit it add "${entry}" to allow_hosts of the environment`;
  }

  #allow(entry: string, where: string): void {
    const cidr = entry.match(/^([0-9a-fA-F:.]+)\/(\d+)$/);
    if (cidr !== null && ipaddr.isValidCIDR(entry)) {
      const [network, bits] = ipaddr.parseCIDR(entry);
      this.#addresses.push({ network, bits, ports: [], isExplicit: false });
      return;
    }
    const [, bracketed, plain, portText] = entry.match(/^(?:\[([0-9a-fA-F:.]+)\]|((?:\*\.)?[^\s/:@[\]*]+))(?::(\d{1,5}))?$/) ?? [];
    const ports = portText === undefined ? [] : [Number(portText)];
    const host = bracketed ?? (ipaddr.isValid(entry) ? entry : plain);
    const unreadable = (): ConfigError => new ConfigError(where, `expected ${SHAPES}; got ${JSON.stringify(entry)}`);
    if (host === undefined) throw unreadable();
    const isBelow = host.startsWith('*.');
    const base = targetOf(`http://${host.includes(':') ? `[${host}]` : isBelow ? host.slice(2) : host}`);
    if (base === undefined || (base.isAddress && isBelow)) throw unreadable();
    if (base.isAddress) this.#addresses.push(singleAddress(base.hostname, { ports, isExplicit: true }));
    else this.#names.push({ name: plainName(base.hostname), isBelow, ports });
  }
}

function singleAddress(text: string, { ports, isExplicit }: { ports: readonly number[]; isExplicit: boolean }): AddressRule {
  const network = plainAddress(text);
  return { network, bits: network.kind() === 'ipv4' ? 32 : 128, ports, isExplicit };
}

function isPort(rule: { readonly ports: readonly number[] }, port: number): boolean {
  return rule.ports.length === 0 || rule.ports.includes(port);
}

/** As names are compared: lower case, without the dot at the end. */
export function plainName(name: string): string {
  return (name.endsWith('.') ? name.slice(0, -1) : name).toLowerCase();
}
