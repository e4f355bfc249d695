import { ConfigError } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';
import { readUrl } from '../core/read-url.ts';

/** One `-o KIND=TARGET`, understood. */
export type OutputTarget =
  | ServerTarget
  | { readonly kind: 'csv' | 'json'; readonly name: string; readonly path: string; readonly isGzip: boolean }
  | { readonly kind: 'metrics'; readonly name: string; readonly host: string; readonly port: number };

/** A server that the numbers are sent to. */
export interface ServerTarget {
  readonly kind: 'prometheus' | 'influxdb' | 'otlp';
  readonly name: string;
  /** Without a password. */
  readonly url: string;
  readonly auth: Credentials | undefined;
}

/** What an URL has before its `@`. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Where the numbers of a run may go, with an example each. */
const KINDS = {
  csv: 'csv=samples.csv',
  json: 'json=samples.json.gz',
  prometheus: 'prometheus=http://localhost:9090/api/v1/write',
  influxdb: 'influxdb=http://localhost:8086/stressrun',
  otlp: 'otlp=http://localhost:4318',
  metrics: 'metrics=9464',
} as const;
type Kind = keyof typeof KINDS;
const NAMES = Object.keys(KINDS) as Kind[];

/** @throws {ConfigError} when an output is of no kind that there is, or does not say where to */
export function outputTargetsOf(texts: readonly string[]): OutputTarget[] {
  return texts.map(outputTargetOf);
}

/** Whether any of them needs every single sample. */
export function wantsSamples(targets: readonly OutputTarget[]): boolean {
  return targets.some(({ kind }) => kind === 'csv' || kind === 'json');
}

function outputTargetOf(text: string): OutputTarget {
  const at = text.indexOf('=');
  const kind = at < 0 ? text : text.slice(0, at);
  const value = at < 0 ? '' : text.slice(at + 1);
  if (!isKind(kind)) {
    const guess = nearestOf(kind, NAMES);
    throw new ConfigError('--out', `expected ${NAMES.slice(0, -1).join(', ')} or ${NAMES.at(-1)}; got ${JSON.stringify(kind)}`, {
      hint: guess === undefined ? `such as -o ${KINDS.json}` : `did you mean -o ${KINDS[guess as Kind]}?`,
    });
  }
  if (value === '')
    throw new ConfigError('--out', `expected ${kind}=TARGET; got ${JSON.stringify(text)}`, { hint: `such as -o ${KINDS[kind]}` });
  switch (kind) {
    case 'csv':
    case 'json':
      return { kind, name: text, path: value, isGzip: value.endsWith('.gz') };
    case 'metrics':
      return pageOf(value);
    default:
      return serverOf(kind, value);
  }
}

function isKind(text: string): text is Kind {
  return Object.hasOwn(KINDS, text);
}

function pageOf(value: string): OutputTarget {
  const match = /^(?:(.+):)?(\d{1,5})$/.exec(value);
  const port = Number(match?.[2]);
  if (match === null || port > 65_535)
    throw new ConfigError('--out', `expected metrics=[HOST:]PORT; got ${JSON.stringify(value)}`, { hint: `such as -o ${KINDS.metrics}` });
  return { kind: 'metrics', name: `metrics=${value}`, host: (match[1] ?? '127.0.0.1').replace(/^\[(.*)\]$/, '$1'), port };
}

function serverOf(kind: 'prometheus' | 'influxdb' | 'otlp', value: string): OutputTarget {
  const url = readUrl(value);
  if (url === undefined || !['http:', 'https:'].includes(url.protocol))
    // the value may hold a password
    throw new ConfigError('--out', `expected ${kind}=URL with http:// or https://; got something else`, {
      hint: `such as -o ${KINDS[kind]}`,
    });
  const { username, password } = url;
  const decoded = (part: string, what: string): string => decodedPart(part, { kind, what });
  const auth =
    username === '' && password === ''
      ? undefined
      : { username: decoded(username, 'a user name'), password: decoded(password, 'a password') };
  url.username = url.password = '';
  return { kind, name: `${kind}=${url.host}`, url: url.href, auth };
}

/** A part of an output's URL as it was meant. @throws {ConfigError} that does not repeat it: it may be a password */
export function decodedPart(part: string, { kind, what }: { kind: Kind; what: string }): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    throw new ConfigError('--out', `${kind}=URL: expected ${what} encoded for a URL; got a % that encodes nothing`, {
      hint: 'write % as %25',
      cause: error,
    });
  }
}
