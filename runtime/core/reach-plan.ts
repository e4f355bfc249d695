/* How the servers of an environment are reached: what their names stand for, TLS, proxies, and what is spoken on which connections. */

/** An address that a name stands for. */
export interface PlacePlan {
  /** IPv4 or IPv6, without brackets. */
  readonly address: string;
  /** Absent: that of the URL. */
  readonly port?: number;
}

/** A name that the resolver is not asked for. */
export interface HostPlan {
  /** Lower case, without the dot at the end. */
  readonly name: string;
  /** Whether it stands for the names below it (`*.name`), not for itself. */
  readonly isBelow: boolean;
  /** Of the URL; absent: any. */
  readonly port?: number;
  /** At least one; connections are spread over them. */
  readonly places: readonly PlacePlan[];
}

/** Which addresses of a name are used, and which of them first; `any`: all, as the system orders them. */
export type AddressFamily = 'any' | 'ipv4' | 'ipv6' | 'prefer_ipv4' | 'prefer_ipv6';

/** How names are resolved. */
export interface DnsPlan {
  /** How long an answer is kept, µs; 0: each connection asks. Absent: the default of net. */
  readonly ttlUs?: number;
  /** `first`: only the first address of a name. Absent: connections take turns over all. */
  readonly takesFirst?: boolean;
  /** Absent: `any`. */
  readonly family?: AddressFamily;
}

/** A client certificate, and the hosts that it is shown to. */
export interface ClientCertPlan {
  /** Lower case: names, `*.name`, addresses. */
  readonly hosts: readonly string[];
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
}

/** TLS material as PEM text (read by the coordinator: a worker reads no files). */
export interface TlsPlan {
  /** In place of the public authorities. */
  readonly ca?: string;
  /** Beside them; not with `ca`. */
  readonly extraCa?: string;
  /** Shown to the host of the base URL. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly clientCerts?: readonly ClientCertPlan[];
  readonly isVerified: boolean;
  /** Of the host of the base URL. */
  readonly serverName?: string;
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  /** Whether the handshake says http/1.1 (ALPN); absent: it does. */
  readonly offersProtocol?: boolean;
  /** Whether a user's connections resume the session of its last one; absent: no. */
  readonly resumes?: boolean;
}

export interface ProxyServerPlan {
  /** Scheme (http), host and port. */
  readonly url: string;
  readonly auth?: { readonly kind: 'basic'; readonly user: string; readonly password: string };
}

/** The proxies that requests go through. */
export interface ProxyPlan {
  /** For http URLs; absent: none. */
  readonly http?: ProxyServerPlan;
  /** For https URLs, by CONNECT; absent: none. */
  readonly https?: ProxyServerPlan;
  /** What is asked without: entries as in NO_PROXY. */
  readonly bypass: readonly string[];
}

/** Which connections a user keeps for its next requests. */
export interface KeepAlivePlan {
  /** False: each request has a connection of its own. */
  readonly reuses: boolean;
  /** How long one may be idle; absent: 90 s, or what the server announces. */
  readonly idleUsMax?: number;
  /** How old one may be that is given another request; absent: any age. */
  readonly ageUsMax?: number;
}

/** What sends the requests: the client of our own, or undici. */
export type HttpClientName = 'own' | 'undici';

/** How HTTP/2 is spoken by each user to an origin. */
export interface Http2Plan {
  /** Streams of a connection at the same time, 1 or more; fewer where the server allows fewer. */
  readonly streamsMax: number;
  /** Connections, 1 or more; streams are spread over them. */
  readonly connectionsMax: number;
}
