import { createSecureContext, rootCertificates, type SecureContext, type SecureContextOptions } from 'node:tls';
import { ConfigError } from '../core/errors.ts';
import type { TlsPlan } from '../core/reach-plan.ts';
import { plainName } from './address-policy.ts';
import type { TlsDialOptions } from './dial.ts';
import type { Target } from './target.ts';

/** TLS of an environment by the server that is dialled: its own host's certificate and name are shown to no other. */
export class TlsSettings {
  readonly #plan: TlsPlan;
  readonly #where: string;
  readonly #ownHost: string;
  /** By host; made when first needed: reading the authorities of the system takes milliseconds. */
  readonly #options = new Map<string, TlsDialOptions>();
  readonly #contexts = new Map<KeyPair | undefined, SecureContext>();
  readonly #ownPair: KeyPair | undefined;

  /** @throws {ConfigError} when the material cannot be read */
  constructor(plan: TlsPlan, { where, own }: { where: string; own: Target }) {
    this.#plan = plan;
    this.#where = where;
    this.#ownHost = own.hostname;
    const { cert, key, passphrase } = plan;
    this.#ownPair = cert === undefined || key === undefined ? undefined : { cert, key, passphrase };
    if (plan.ca !== undefined || plan.extraCa !== undefined) this.#contextOf(undefined); // so that bad material is found now
    for (const pair of [this.#ownPair, ...(plan.clientCerts ?? [])]) if (pair !== undefined) this.#contextOf(pair);
  }

  of({ hostname }: Target): TlsDialOptions {
    const known = this.#options.get(hostname);
    if (known !== undefined) return known;
    const isOwn = hostname === this.#ownHost;
    const listed = this.#plan.clientCerts?.find(({ hosts }) => hosts.some((host) => fits(host, plainName(hostname))));
    const options: TlsDialOptions = {
      context: this.#contextOf(listed ?? (isOwn ? this.#ownPair : undefined)),
      isVerified: this.#plan.isVerified,
      serverName: isOwn ? this.#plan.serverName : undefined,
      offersProtocol: this.#plan.offersProtocol !== false,
      resumes: this.#plan.resumes === true,
    };
    this.#options.set(hostname, options);
    return options;
  }

  #contextOf(pair: KeyPair | undefined): SecureContext {
    const known = this.#contexts.get(pair);
    if (known !== undefined) return known;
    const { ca, extraCa, minVersion } = this.#plan;
    const context = secureContext(
      {
        ...(ca === undefined ? {} : { ca }),
        ...(extraCa === undefined ? {} : { ca: authoritiesBeside(extraCa) }),
        ...(minVersion === undefined ? {} : { minVersion }),
        ...(pair === undefined ? {} : { cert: pair.cert, key: pair.key }),
        ...(pair?.passphrase === undefined ? {} : { passphrase: pair.passphrase }),
      },
      this.#where,
    );
    this.#contexts.set(pair, context);
    return context;
  }
}

interface KeyPair {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string | undefined;
}

/** The public authorities and these. */
export function authoritiesBeside(extraCa: string): string[] {
  return [...rootCertificates, extraCa];
}

function fits(host: string, name: string): boolean {
  return host.startsWith('*.') ? name.endsWith(host.slice(1)) : name === host;
}

function secureContext(material: SecureContextOptions, where: string): SecureContext {
  try {
    return createSecureContext(material);
  } catch (cause) {
    throw new ConfigError(
      where,
      `expected PEM text in ca, cert and key, the last two of one pair; got an error: ${(cause as Error).message}`,
      { cause },
    );
  }
}
