import { boundHeaders } from '../core/credentials.ts';
import { ConfigError } from '../core/errors.ts';
import type { EnvironmentPlan } from '../core/plan.ts';
import type { Http2Plan, KeepAlivePlan } from '../core/reach-plan.ts';
import { AddressPolicy } from './address-policy.ts';
import { authorizationOf } from './auth.ts';
import { BodyBudget } from './body-budget.ts';
import type { ConnectionOptions } from './connection.ts';
import type { SocketRoute, TlsDialOptions } from './dial.ts';
import { DialWatch } from './dial-watch.ts';
import type { Failure } from './error-codes.ts';
import { GuardedLookup, type Resolver, type Route } from './guarded-lookup.ts';
import { Http1Shared } from './http1/http1-shared.ts';
import { Proxies } from './proxy.ts';
import { type DefaultHeaders, defaultHeaders, unboundHeaders } from './request-headers.ts';
import { ServerTimingReader } from './server-timing.ts';
import { type Target, targetOf } from './target.ts';
import { TlsSettings } from './tls-settings.ts';
import { TraceIds } from './trace.ts';

const BODY_BYTES_MAX = 64 * 1024 * 1024;
const BUDGET_BYTES = 512 * 1024 * 1024;
const HEADER_BYTES_MAX = 64 * 1024;
/** URLs kept parsed; longer ones than that many characters are parsed each time. */
const URLS_MAX = 1000;
const URL_CHARS_MAX = 2000;

export interface NetSharedOptions {
  /** Of stressrun, for `user-agent`. */
  readonly version: string;
  /** Limit of a decoded body; default that of the environment, or 64 MiB. */
  readonly bodyBytesMax?: number;
  /** Of all bodies of the worker that are coming in; default 512 MiB. */
  readonly budgetBytes?: number;
  /** Of names; default that of the system. */
  readonly resolver?: Resolver;
  /** Which of a name's addresses is asked first, of several workers each its own: else all would begin with the same one. Default 0. */
  readonly turn?: number;
}

/** A target and whether it may be asked. */
export interface JudgedTarget {
  readonly target: Target;
  readonly refusal: Failure | undefined;
}

/** What all VUs of a worker share: default headers, TLS material, which servers may be asked, and the names and URLs known so far. */
export class NetShared implements ConnectionOptions {
  readonly #headers: DefaultHeaders;
  /** For hosts other than the environment's, which `allow_hosts` names: without its credentials. */
  readonly #foreignHeaders: DefaultHeaders;
  readonly #origin: string;
  readonly #lookup: GuardedLookup;
  readonly bodyBytesMax: number;
  readonly budget: BodyBudget;
  readonly headerBytesMax: number;
  readonly keepAlive: KeepAlivePlan | undefined;
  readonly http1: Http1Shared | undefined;
  readonly http2: Http2Plan | undefined;
  readonly alpn: 'http/1.1' | 'h2';
  readonly serverTimings: ServerTimingReader;
  /** Undefined: no request is traced. */
  readonly traces: TraceIds | undefined;
  readonly watch = new DialWatch();
  readonly #policy: AddressPolicy;
  readonly #targets = new Map<string, JudgedTarget>();
  readonly #socketPath: string | undefined;
  readonly #tls: TlsSettings;
  readonly #proxies: Proxies;

  /** @throws {ConfigError} when the base URL, an entry of `allow_hosts` or the TLS material cannot be read */
  constructor(environment: EnvironmentPlan, options: NetSharedOptions) {
    const base = targetOf(environment.baseUrl);
    const where = `environments.${environment.name}`;
    if (base === undefined)
      throw new ConfigError(`${where}.base_url`, `expected an absolute http or https URL; got ${JSON.stringify(environment.baseUrl)}`);
    const authorization = environment.auth === undefined ? base.authorization : authorizationOf(environment.auth);
    this.#origin = base.origin;
    this.#socketPath = environment.socketPath;
    const isBound = boundHeaders(environment); // decided here, once, and not for each request
    this.#headers = defaultHeaders(options.version, environment.headers, { authorization, isBound });
    const elsewhere = unboundHeaders(environment.headers, isBound);
    this.#foreignHeaders = defaultHeaders(options.version, elsewhere, { authorization: undefined, isBound });
    this.bodyBytesMax = options.bodyBytesMax ?? environment.bodyBytesMax ?? BODY_BYTES_MAX;
    this.budget = new BodyBudget(options.budgetBytes ?? BUDGET_BYTES);
    this.headerBytesMax = environment.headerBytesMax ?? HEADER_BYTES_MAX;
    this.keepAlive = environment.keepAlive;
    this.http1 = environment.httpClient === 'undici' ? undefined : new Http1Shared(this.keepAlive?.reuses !== false);
    this.http2 = environment.http2;
    this.alpn = this.http2 === undefined ? 'http/1.1' : 'h2';
    this.serverTimings = new ServerTimingReader(environment.serverTimingHeaders);
    this.traces = environment.sendsTrace === true ? new TraceIds() : undefined;
    this.#policy = new AddressPolicy(base, environment.allowHosts, { where, isPortless: environment.socketPath !== undefined });
    const { hosts, dns, allowHosts } = environment;
    const names = { hosts, dns, resolver: options.resolver, turn: options.turn };
    this.#lookup = new GuardedLookup(this.#policy, names);
    this.#proxies = new Proxies(environment.proxy, { ...names, allowHosts, where });
    this.#tls = new TlsSettings(environment.tls, { where: `${where}.tls`, own: base });
  }

  routeTo(target: Target): Route | SocketRoute {
    if (this.#socketPath !== undefined && target.origin === this.#origin) return { path: this.#socketPath };
    const { via } = target;
    return (via === undefined ? undefined : this.#proxies.routeTo(via)) ?? this.#lookup.routeTo(target);
  }

  tlsFor(target: Target): TlsDialOptions {
    return this.#tls.of(target);
  }

  /** What a request to this target carries unless it says otherwise. */
  headersFor(target: Target): DefaultHeaders {
    return target.origin === this.#origin ? this.#headers : this.#foreignHeaders;
  }

  /** @returns undefined when the text is no http or https URL */
  judged(url: string, base?: string): JudgedTarget | undefined {
    const known = base === undefined ? this.#targets.get(url) : undefined;
    if (known !== undefined) return known;
    const read = targetOf(url, base);
    if (read === undefined) return undefined;
    const target = this.#proxies.routed(read);
    const judged = { target, refusal: this.#policy.refusalOf(target) };
    if (base !== undefined || url.length > URL_CHARS_MAX) return judged;
    if (this.#targets.size >= URLS_MAX) this.#targets.delete(this.#targets.keys().next().value as string);
    this.#targets.set(url, judged);
    return judged;
  }
}
