import { LIMITS, TO_HOST } from '../core/mailbox.ts';
import { durationUs } from './duration.ts';
import { pictureReference } from './image.ts';
import { beginOperation, contextId, textField, write } from './outbox.ts';
import { requestKindOf } from './request-kinds.ts';
import type { Vu } from './state.ts';
import type { BatchItem, NamedUrl, RequestOptions, Response } from './stressrun.d.ts';

type Url = string | NamedUrl;

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
  'expect',
  'tags',
  'name',
];
const BODY_KEYS = ['json', 'form', 'multipart', 'body'] as const;

async function send(vu: Vu, method: string, url: Url, options?: RequestOptions): Promise<Response> {
  let target = url as string;
  let json = '';
  if (typeof url !== 'string' || options !== undefined) {
    const place = targetOf(url);
    target = place.target;
    json = options === undefined && place.name === undefined ? '' : optionsJson(options ?? {}, place.name);
  }
  const operation = beginOperation(vu);
  const kind = requestKindOf(vu, method, { target, options: json });
  if (kind !== undefined) write(vu, TO_HOST.repeat, `${operation.id},${contextId()},${kind},`);
  else write(vu, TO_HOST.request, `${operation.id},${contextId()},${textField(`${method} ${target}`)}${textField(json)}`);
  return (await operation) as Response;
}

function targetOf(url: Url): { target: string; name: string | undefined } {
  if (typeof url === 'string') return { target: url, name: undefined };
  if (url !== null && typeof url === 'object') {
    if (typeof url.name === 'string' && typeof url.url === 'string') return { target: url.url, name: url.name };
    const href = (url as { href?: unknown }).href;
    if (typeof href === 'string') return { target: href, name: undefined };
  }
  throw new TypeError(`http: expected a path or URL as text, such as '/predict'; got ${url === null ? 'null' : typeof url}`);
}

/** The options as the host wants them. Everything is checked here, where an error has the script's line. */
function optionsJson(options: RequestOptions, urlName: string | undefined): string {
  const out: Record<string, unknown> = {};
  for (const key of Object.keys(options)) {
    if (!OPTION_KEYS.includes(key))
      throw new TypeError(`http: unknown option ${JSON.stringify(key)}; allowed are ${OPTION_KEYS.join(', ')}`);
    const value = (options as Record<string, unknown>)[key];
    if (value !== undefined) out[key] = value;
  }
  const bodies = BODY_KEYS.filter((key) => out[key] !== undefined);
  if (bodies.length > 1) throw new TypeError(`http: one of json, form, multipart and body at most; got ${bodies.join(' and ')}`);
  if (options.timeout !== undefined) out['timeout'] = durationUs('http: timeout', options.timeout);
  if (options.redirects !== undefined && !(Number.isInteger(options.redirects) && options.redirects >= 0))
    throw new TypeError(`http: redirects: expected a whole number, 0 or more; got ${options.redirects}`);
  if (urlName !== undefined && out['name'] === undefined) out['name'] = urlName;
  if (options.body !== undefined) out['body'] = bodyOf(options.body);
  if (options.json !== undefined) out['json'] = JSON.stringify(options.json);
  if (options.multipart !== undefined) out['multipart'] = fieldsOf(options.multipart);
  const json = JSON.stringify(out);
  if (json.length > LIMITS.bodyLength)
    throw new RangeError(
      `http: the request is ${json.length} characters long; at most ${LIMITS.bodyLength} can leave the sandbox (send pictures as pictures, they stay outside)`,
    );
  return json === '{}' ? '' : json;
}

function bodyOf(body: unknown): unknown {
  if (typeof body === 'string') return body;
  const reference = pictureReference(body);
  if (reference === undefined)
    throw new TypeError(`http: body: expected a text or a picture; got ${typeof body}; for an object use json or form`);
  return { picture: reference };
}

function fieldsOf(fields: Record<string, unknown>): unknown[] {
  return Object.entries(fields).map(([name, value]) => {
    const reference = pictureReference(value);
    if (reference !== undefined) return [name, { picture: reference }];
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean')
      throw new TypeError(
        `http: multipart.${name}: expected a text, a number, true or false, or a picture; got ${value === null ? 'null' : typeof value}`,
      );
    return [name, String(value)];
  });
}

type Send = (method: string, url: Url, options?: RequestOptions) => Promise<Response>;

function batchItem(send: Send, item: BatchItem): Promise<Response> {
  if (Array.isArray(item)) return send(String(item[0]).toUpperCase(), item[1] as Url, item[2] as RequestOptions | undefined);
  if (typeof item === 'object' && item !== null && 'url' in item && !('name' in item)) {
    const request = item as { method?: string; url: Url; options?: RequestOptions };
    return send((request.method ?? 'GET').toUpperCase(), request.url, request.options);
  }
  return send('GET', item as Url);
}

function namedUrl(parts: readonly string[], ...values: readonly (string | number)[]): NamedUrl {
  let url = parts[0] ?? '';
  for (let i = 0; i < values.length; i++) url += encodeURIComponent(String(values[i])) + (parts[i + 1] ?? '');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what stands for a value in a row's name, as in k6
  return { url, name: parts.join('${}').split('?')[0] as string };
}

/** `http` of one virtual user. */
export function makeHttp(vu: Vu) {
  const bound: Send = (method, url, options) => send(vu, method, url, options);
  return {
    get: (url: Url, options?: RequestOptions) => send(vu, 'GET', url, options),
    head: (url: Url, options?: RequestOptions) => send(vu, 'HEAD', url, options),
    post: (url: Url, options?: RequestOptions) => send(vu, 'POST', url, options),
    put: (url: Url, options?: RequestOptions) => send(vu, 'PUT', url, options),
    patch: (url: Url, options?: RequestOptions) => send(vu, 'PATCH', url, options),
    delete: (url: Url, options?: RequestOptions) => send(vu, 'DELETE', url, options),
    options: (url: Url, options?: RequestOptions) => send(vu, 'OPTIONS', url, options),
    request: (method: string, url: Url, options?: RequestOptions) => send(vu, String(method).toUpperCase(), url, options),
    batch: (items: readonly BatchItem[]) => Promise.all([...items].map((item) => batchItem(bound, item))),
    url: namedUrl,
  };
}
