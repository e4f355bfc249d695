import { firstUnsendable, isHeaderName, isHeaderValue } from '../core/header-rules.ts';
import { ASKS_SCRIPT, LIMITS } from '../core/mailbox.ts';
import { optionsWithoutBytes } from './bytes-in-requests.ts';
import { durationUs } from './duration.ts';
import { foreignOption } from './foreign-options.ts';
import { bodyOf, fieldsOf, jsonOf, nameOfType } from './request-body.ts';
import { settings, type Vu } from './state.ts';
import type { RequestOptions } from './stressrun.d.ts';
import { textTags } from './tags.ts';

const OPTION_KEYS = [
  'json',
  'form',
  'multipart',
  'body',
  'query',
  'headers',
  'cookies',
  'auth',
  'timeout',
  'redirects',
  'discard',
  'compression',
  'expectContinue',
  'expect',
  'tags',
  'name',
];
/** For who writes k6's. */
const OWN_ORDER =
  "k6's http.post(url, body, params) is http.post(url, { body, headers, … }) here, or { json: … } or { form: … } for the body";
/** As curl and Go wait, µs. */
const CONTINUE_US_DEFAULT = 1_000_000;
const BODY_KEYS = ['json', 'form', 'multipart', 'body'] as const;
const TABLE_KEYS = ['form', 'multipart', 'query', 'headers', 'cookies', 'tags'] as const;

/** The options of a request as the host wants them, as JSON; empty for none. Everything is checked here, where an error has the script's line. */
export function optionsJson(vu: Vu, options: RequestOptions, urlName: string | undefined): string {
  const out = knownOptions(options);
  const bodies = BODY_KEYS.filter((key) => out[key] !== undefined);
  if (bodies.length > 1) throw new TypeError(`http: one of json, form, multipart and body at most; got ${bodies.join(' and ')}`);
  for (const key of TABLE_KEYS)
    if (out[key] !== undefined && (typeof out[key] !== 'object' || out[key] === null || Array.isArray(out[key])))
      throw new TypeError(`http: ${key}: expected an object of names and values; got ${nameOfType(out[key])}`);
  if (options.headers !== undefined) requireHeaders(options.headers);
  if (options.timeout !== undefined) out['timeout'] = durationUs('http: timeout', options.timeout);
  if (options.redirects !== undefined && !(Number.isInteger(options.redirects) && options.redirects >= 0))
    throw new TypeError(`http: redirects: expected a whole number, 0 or more; got ${String(options.redirects)}`);
  if (options.discard !== undefined && typeof options.discard !== 'boolean')
    throw new TypeError(`http: discard: expected true or false; got ${nameOfType(options.discard)}`);
  if (options.compression !== undefined) requireEncoding(options.compression, options.headers);
  if (options.expectContinue !== undefined) out['expectContinue'] = continueUs(options.expectContinue);
  if (settings.httpClient === 'undici') refuseWaiting(out);
  if (typeof options.expect === 'function') out['expect'] = ASKS_SCRIPT;
  else if (options.expect !== undefined) requireStatuses(options.expect);
  if (options.auth !== undefined) requireAuth(options.auth);
  if (urlName !== undefined && out['name'] === undefined) out['name'] = urlName;
  if (options.tags !== undefined) out['tags'] = textTags('http: tags', options.tags);
  if (options.body !== undefined) out['body'] = bodyOf(vu, options.body);
  if (options.json !== undefined) out['json'] = jsonOf(options.json);
  if (options.multipart !== undefined) out['multipart'] = fieldsOf(vu, options.multipart);
  const json = optionsWithoutBytes(out);
  if (json.length > LIMITS.bodyLength)
    throw new RangeError(
      `http: the request is ${json.length} characters long; at most ${LIMITS.bodyLength} can leave the sandbox (pictures and bytes as values of json, multipart and body stay outside)`,
    );
  return json === '{}' ? '' : json;
}

/** There is no third argument. */
export function refuseThird(): never {
  throw new TypeError(`http: expected a URL and an object of options; got three arguments. ${OWN_ORDER}`);
}

/** Where not one of the keys is ours, what came is the body: k6 has it in this place. */
function unknownOption(key: string, options: object): TypeError {
  const remedy = foreignOption(key);
  const isBody = remedy === undefined && !Object.keys(options).some((name) => OPTION_KEYS.includes(name));
  const allowed = `allowed are ${OPTION_KEYS.join(', ')}${isBody ? `. ${OWN_ORDER}` : ''}`;
  return new TypeError(`http: unknown option ${JSON.stringify(key)}; ${remedy ?? allowed}`);
}

function knownOptions(options: RequestOptions): Record<string, unknown> {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(`http: expected an object of options; got ${nameOfType(options)}. ${OWN_ORDER}`);
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(options)) {
    if (!OPTION_KEYS.includes(key)) throw unknownOption(key, options);
    const value = (options as Record<string, unknown>)[key];
    if (value !== undefined) out[key] = value;
  }
  return out;
}

function requireEncoding(compression: string, headers: RequestOptions['headers'] = {}): void {
  if (compression === 'none') return;
  if (compression === 'zstd' && !settings.bodyEncodings.includes('zstd'))
    throw new TypeError('http: compression: zstd needs Node 22.15 or newer; gzip, deflate and br are there');
  if (!(settings.bodyEncodings as readonly string[]).includes(compression))
    throw new TypeError(
      `http: compression: expected 'gzip', 'deflate', 'br', 'zstd' or 'none'; got ${JSON.stringify(compression) ?? typeof compression}`,
    );
  const header = Object.keys(headers).find((name) => name.toLowerCase() === 'content-encoding');
  if (header !== undefined)
    throw new TypeError(`http: one of compression and headers.${header} at most: a body that is compressed already goes out as it is`);
}

/** What cannot be sent is an error of the script, no failure of the target. */
function requireHeaders(headers: Record<string, unknown>): void {
  for (const name of Object.keys(headers)) {
    if (!isHeaderName(name))
      throw new TypeError(`http: headers: expected names of letters, digits and signs such as "-"; got ${JSON.stringify(name)}`);
    const value = String(headers[name]);
    if (!isHeaderValue(value))
      throw new TypeError(
        `http: headers.${name}: expected a value of Latin-1 without line breaks and control characters; got ${firstUnsendable(value)} (encodeURIComponent() makes a sendable text of any)`,
      );
  }
}

/** @returns µs; 0: the body does not wait */
function continueUs(given: NonNullable<RequestOptions['expectContinue']>): number {
  return typeof given === 'boolean' ? (given ? CONTINUE_US_DEFAULT : 0) : durationUs('http: expectContinue', given);
}

/** undici sends a body at once, or not at all. */
function refuseWaiting({ expectContinue = 0, headers = {} }: Record<string, unknown>): void {
  const header = Object.keys(headers as object).find((name) => name.toLowerCase() === 'expect');
  if (expectContinue === 0 && header === undefined) return;
  throw new TypeError(
    `http: ${header === undefined ? 'expectContinue' : `headers.${header}`}: undici (http_client of the environment) cannot wait for an answer 100`,
  );
}

function requireStatuses(expect: unknown): void {
  for (const item of Array.isArray(expect) ? (expect as unknown[]) : [expect])
    for (const part of String(item).split(','))
      if (!/^\s*\d{3}\s*(?:-\s*\d{3}\s*)?$/.test(part))
        throw new RangeError(
          `http: expect: expected a status such as 404 or a range such as '200-299', or a function of the answer; got ${JSON.stringify(part)}`,
        );
}

function requireAuth(auth: unknown): void {
  if (auth === false) return;
  const given = (auth ?? {}) as { user?: unknown; password?: unknown; token?: unknown };
  if (typeof given.token === 'string' || (typeof given.user === 'string' && typeof given.password === 'string')) return;
  throw new TypeError('http: auth: expected { user, password } or { token }, all of them texts, or false');
}
