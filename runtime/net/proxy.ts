import { bypassesProxy } from '../core/proxy-bypass.ts';
import type { DnsPlan, HostPlan, ProxyPlan, ProxyServerPlan } from '../core/reach-plan.ts';
import { AddressPolicy } from './address-policy.ts';
import { authorizationOf } from './auth.ts';
import { GuardedLookup, type Resolver, type Route } from './guarded-lookup.ts';
import { type ProxyServer, type Target, targetOf } from './target.ts';

interface ProxyOptions {
  readonly allowHosts: readonly string[];
  readonly where: string;
  readonly hosts: readonly HostPlan[] | undefined;
  readonly dns: DnsPlan | undefined;
  readonly resolver: Resolver | undefined;
  readonly turn: number | undefined;
}

/** Which proxy an environment's requests go through. */
export class Proxies {
  readonly #http: ProxyServer | undefined;
  readonly #https: ProxyServer | undefined;
  readonly #bypass: readonly string[];
  /** Of the names of proxies: these may be asked, though no script may ask them. */
  readonly #lookups = new Map<ProxyServer, GuardedLookup>();

  constructor(plan: ProxyPlan | undefined, { allowHosts, where, ...names }: ProxyOptions) {
    const known = (server: ProxyServerPlan | undefined): ProxyServer | undefined => {
      const target = server === undefined ? undefined : targetOf(server.url);
      if (server === undefined || target === undefined) return undefined;
      const { hostname, port, origin } = target;
      const proxy = { hostname, port, origin, authorization: server.auth === undefined ? undefined : authorizationOf(server.auth) };
      this.#lookups.set(proxy, new GuardedLookup(new AddressPolicy(target, allowHosts, { where }), names));
      return proxy;
    };
    this.#http = known(plan?.http);
    this.#https = known(plan?.https);
    this.#bypass = plan?.bypass ?? [];
  }

  /** How a connection to this proxy, one of its own, is made. */
  routeTo(proxy: ProxyServer): Route | undefined {
    return this.#lookups.get(proxy)?.routeTo(proxy);
  }

  /** @returns the target with its proxy, if it has one */
  routed(target: Target): Target {
    const via = target.isTls ? this.#https : this.#http;
    return via === undefined || bypassesProxy(this.#bypass, target.hostname, target.port) ? target : { ...target, via };
  }
}

/** What stands in the first line of a request: the whole URL where a proxy is to pass it on. Through a tunnel the server itself is spoken to. */
export function requestTargetOf({ via, isTls, url, path }: Target): string {
  return via === undefined || isTls ? path : url;
}

/** What a request carries for the proxy that passes it on; undefined: nothing. */
export function proxyAuthorizationOf({ via, isTls }: Target): string | undefined {
  return isTls ? undefined : via?.authorization;
}
