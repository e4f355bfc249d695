import type { AuthPlan, EnvironmentPlan } from './plan.ts';

/*
 * What a credential is, in one place: whoever hides them, binds them to the origin they were meant for, or cuts a text that may hold one asks here.
 */

/** A value that is shown nowhere. */
export interface Credential {
  readonly value: string;
  /** Found by its name or its looks, not declared as a secret: hidden only where it is long enough to be no other word. */
  readonly isGuessed?: boolean;
}

/** A request as far as it can carry credentials of its own. */
export interface CredentialCarrier {
  readonly url: string;
  /** Name, value, name, value … */
  readonly headers: readonly string[];
  readonly auth?: AuthPlan | false;
  readonly cookies?: Readonly<Record<string, string>>;
}

/** Names of headers, variables, cookies, parameters and config keys whose values are nobody's business. */
const SECRET_NAME =
  /auth(?!or(?!iz))|token|secret|passw|passphrase|credential|cookie|session|jwt|csrf|xsrf|signature|api[-_]?key|(?:access|private|subscription|functions|license)[-_]?key|^(?:key|sid|sig|pwd)$/i;
/** Headers that no server takes for a proof of anything, however they look: they say what is sent and what is wanted. */
const PLAIN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-charset',
  'accept-encoding',
  'accept-language',
  'baggage',
  'cache-control',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'etag',
  'idempotency-key',
  'if-match',
  'if-none-match',
  'origin',
  'proxy-authenticate',
  'range',
  'referer',
  'request-id',
  'server',
  'traceparent',
  'tracestate',
  'user-agent',
  'www-authenticate',
  'x-correlation-id',
  'x-request-id',
]);
/** What a server says of limits and of other pages. */
const PLAIN_PREFIX = /^(?:access-control|x-ratelimit|ratelimit|sec-fetch)-/;
/** Never sent to another origin, though they prove nothing. */
const NAMES_THE_HOST: ReadonlySet<string> = new Set(['host', 'www-authenticate']);

const SCHEME = /^(?:bearer|basic|token|digest|apikey|key|negotiate|ntlm|hawk|aws4-hmac-sha256)\s+(?=\S)/i;
const LOOKS = [
  SCHEME,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\./,
  /\b(?:(?:sk|pk|rk)[-_]|gh[oprsu]_|github_pat_|glpat-|xox[abeprs]-|hf_|ya29\.|AIza|AKIA|ASIA)[\w-]{12,}/,
  /:\/\/[^/@\s:]*:[^/@\s]+@/,
  /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i,
  // drawn at random: long, without a break, digits and letters mixed
  /^(?=.*\d)(?=.*[a-z])[\w+/=.~-]*[\w+/=]{20}/i,
];

/** Whether what stands under such a name is hidden. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Whether a header proves who asks, by its name or by its value. */
export function isCredentialHeader(name: string, value: string): boolean {
  const lowerName = name.toLowerCase();
  if (PLAIN_HEADERS.has(lowerName) || PLAIN_PREFIX.test(lowerName)) return false;
  return isSecretName(name) || LOOKS.some((look) => look.test(value));
}

/** Whether a header stays at the origin that it was written for: what proves who asks, what holds a secret of the environment, and what names the host. */
export type IsBoundHeader = (name: string, value: string) => boolean;

export function boundHeaders({ secrets = [] }: Pick<EnvironmentPlan, 'secrets'>): IsBoundHeader {
  const values = secrets.map(({ value }) => value.trim()).filter((value) => value !== '');
  return (name, value) =>
    NAMES_THE_HOST.has(name.toLowerCase()) || isCredentialHeader(name, value) || values.some((secret) => value.includes(secret));
}

/** All credentials of an environment, and those among the variables of a run whose names say so. */
export function credentialsOf(
  {
    secrets = [],
    auth,
    headers,
    tls,
    proxy,
  }: Pick<EnvironmentPlan, 'secrets' | 'auth' | 'headers' | 'proxy'> & Partial<Pick<EnvironmentPlan, 'tls'>>,
  variables: Readonly<Record<string, string>> = {},
): Credential[] {
  return [
    ...secrets.map(({ value }) => ({ value })),
    ...guessed([
      ...(auth === undefined ? [] : valuesOfAuth(auth)),
      ...Object.entries(headers).flatMap(([name, value]) => valuesOfHeader(name, value)),
      ...[proxy?.http, proxy?.https].flatMap((one) => (one?.auth === undefined ? [] : valuesOfAuth(one.auth))),
      ...[tls, ...(tls?.clientCerts ?? [])].flatMap((one) => one?.passphrase ?? []),
      ...Object.entries(variables).flatMap(([name, value]) => (isSecretName(name) ? [value] : [])),
    ]),
  ];
}

/** What a request carries beside its environment's: the script's own. Cookies that an answer sets are told from its headers. */
export function credentialsOfRequest(
  { url, headers, auth, cookies = {} }: CredentialCarrier,
  answered: readonly string[] = [],
): Credential[] {
  return guessed([
    ...valuesOfUrl(url),
    ...pairsOf(headers).flatMap(([name, value]) => valuesOfHeader(name, value)),
    ...(auth === undefined || auth === false ? [] : valuesOfAuth(auth)),
    ...Object.values(cookies),
    ...pairsOf(answered).flatMap(([name, value]) =>
      name.toLowerCase() === 'set-cookie' ? valuesOfCookies(value.split(';', 1)[0] ?? '') : [],
    ),
  ]);
}

/** Of a server that numbers are sent to. @param url - its parameters may be keys */
export function credentialsOfServer(url: string, login: { username: string; password: string } | undefined): Credential[] {
  const auth = login === undefined ? [] : valuesOfAuth({ kind: 'basic', user: login.username, password: login.password });
  return guessed([...valuesOfUrl(url), ...auth]);
}

function guessed(values: readonly string[]): Credential[] {
  return values.map((value) => ({ value, isGuessed: true }));
}

function pairsOf(flat: readonly string[]): [name: string, value: string][] {
  return Array.from({ length: flat.length >> 1 }, (_, i) => [flat[2 * i] as string, flat[2 * i + 1] as string]);
}

/** Name and password together are what is sent, also in base64; the name alone is no secret. */
function valuesOfAuth(auth: AuthPlan): string[] {
  return auth.kind === 'bearer' ? [auth.token] : [`${auth.user}:${auth.password}`, auth.password];
}

/** A header's value, what stands in it behind a scheme, and the cookies in it; none of one that is no credential. */
function valuesOfHeader(name: string, value: string): string[] {
  if (!isCredentialHeader(name, value)) return [];
  if (name.toLowerCase() === 'cookie') return [value, ...valuesOfCookies(value)];
  const proof = value.replace(SCHEME, '').trim();
  return /^basic\s/i.test(value) ? [value, proof, ...valuesOfBasic(proof)] : [value, proof];
}

function valuesOfBasic(base64: string): string[] {
  try {
    const pair = new TextDecoder().decode(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
    const colon = pair.indexOf(':');
    return colon < 0 ? [pair] : [pair, pair.slice(colon + 1)];
  } catch {
    return []; // no base64
  }
}

function valuesOfCookies(text: string): string[] {
  return text.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
}

/** Parameters by their names, and the password. */
function valuesOfUrl(url: string): string[] {
  const { query = '' } = /\?(?<query>[^#]*)/.exec(url)?.groups ?? {};
  const { user = '', password = '' } = /^[a-z][a-z\d+.-]*:\/\/(?<user>[^/?#@:]*)(?::(?<password>[^/?#@]*))?@/i.exec(url)?.groups ?? {};
  const named = [...new URLSearchParams(query)].filter(([name]) => isSecretName(name)).map(([, value]) => value);
  const login = [decoded(user), decoded(password)];
  return [...named, ...(login[1] === '' ? login.slice(0, 1) : [login.join(':'), login[1] as string])];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone percent sign
  }
}
