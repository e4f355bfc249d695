import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import type { ClientCertPlan, TlsPlan } from '../core/reach-plan.ts';
import type { tlsSchema } from './tls-schema.ts';

type TlsSettings = z.output<typeof tlsSchema>;

interface KeyPair {
  readonly cert: string;
  readonly key: string;
  readonly passphrase?: string;
}

interface Place {
  /** Key path of the settings. */
  readonly where: string;
  /** That files are relative to. */
  readonly folder: string;
}

/** `tls` of an environment with its files read. @param systemCa - file of NODE_EXTRA_CA_CERTS: Node's own list of authorities has those as well @throws {ConfigError} */
export function tlsOf(tls: TlsSettings = {}, place: Place, systemCa = ''): TlsPlan {
  const { ca, extra_ca, cert, key, passphrase, client_certs, server_name, min_version } = tls;
  const pem = (name: string, file: string): string => readPem(`${place.where}.${name}`, resolve(place.folder, file));
  const pair =
    cert === undefined || key === undefined
      ? undefined
      : keyPairOf({ cert, key, ...(passphrase === undefined ? {} : { passphrase }) }, place);
  const clientCerts = client_certs?.map((one, i) => clientCertOf(one, { ...place, where: `${place.where}.client_certs[${i}]` }));
  return {
    ...(ca === undefined ? {} : { ca: pem('ca', ca) }),
    ...(extra_ca === undefined ? {} : { extraCa: `${pem('extra_ca', extra_ca)}\n${textOf(systemCa)}` }),
    ...pair,
    ...(clientCerts === undefined ? {} : { clientCerts }),
    isVerified: tls.verify ?? true,
    ...(server_name === undefined ? {} : { serverName: server_name }),
    ...(min_version === undefined ? {} : { minVersion: `TLSv${min_version}` as const }),
    ...(tls.alpn === false ? { offersProtocol: false } : {}),
    ...(tls.session_resumption === true ? { resumes: true } : {}),
  };
}

function clientCertOf({ hosts, cert, key, passphrase }: NonNullable<TlsSettings['client_certs']>[number], place: Place): ClientCertPlan {
  const pair = keyPairOf({ cert, key, ...(passphrase === undefined ? {} : { passphrase }) }, place);
  return { hosts: hosts.map((host) => host.toLowerCase()), ...pair };
}

function keyPairOf(files: KeyPair, { where, folder }: Place): KeyPair {
  const pair = {
    ...files,
    cert: readPem(`${where}.cert`, resolve(folder, files.cert)),
    key: readPem(`${where}.key`, resolve(folder, files.key)),
  };
  if (!isOfKey(pair.cert, privateKeyOf(pair, where), where))
    throw new ConfigError(where, 'expected cert and key of one pair; got a key that is not that of the certificate');
  return pair;
}

function privateKeyOf(pair: KeyPair, where: string): KeyObject {
  try {
    return createPrivateKey(pair);
  } catch (cause) {
    throw keyError(where, pair, cause as NodeJS.ErrnoException);
  }
}

function isOfKey(cert: string, key: KeyObject, where: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(key);
  } catch (cause) {
    throw new ConfigError(`${where}.cert`, `expected a certificate in PEM; got an error: ${(cause as Error).message}`, { cause });
  }
}

function keyError(where: string, { key, passphrase }: KeyPair, cause: NodeJS.ErrnoException): ConfigError {
  if (!key.includes('ENCRYPTED'))
    return new ConfigError(`${where}.key`, `expected a private key in PEM; got an error: ${cause.message}`, { cause });
  const got = passphrase === undefined ? 'none' : 'one that does not open it';
  return new ConfigError(`${where}.passphrase`, `expected the passphrase of the key, which is encrypted; got ${got}`, { cause });
}

function readPem(where: string, path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(where, `expected a readable PEM file; got ${path}: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`, {
      cause,
    });
  }
  if (!text.includes('-----BEGIN '))
    throw new ConfigError(where, `expected a PEM file, with a line "-----BEGIN …-----"; got ${path}, which has none`);
  return text;
}

/** Of a file that Node, too, only warns about when it cannot be read. */
function textOf(path: string): string {
  try {
    return path === '' ? '' : readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
