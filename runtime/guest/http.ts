import { LIMITS, TO_HOST } from '../core/mailbox.ts';
import { contextId } from './context.ts';
import { makeCookieJar } from './cookie-jar.ts';
import { askExpect, countSeen } from './judging.ts';
import { beginOperation, textField, write } from './outbox.ts';
import { makeRetry } from './patience.ts';
import { requestKindOf } from './request-kinds.ts';
import { optionsJson, refuseThird } from './request-options.ts';
import { GuestResponse } from './response.ts';
import { settings, type Vu } from './state.ts';
import { makeStream } from './stream.ts';
import type { BatchItem, NamedUrl, RequestOptions, Response } from './stressrun.d.ts';

type Url = string | NamedUrl;

/** As RFC 9110 spells a method. */
const METHOD = /^[A-Z!#$%&'*+.^_`|~0-9-]{1,32}$/;

async function send(vu: Vu, method: string, url: Url, options?: RequestOptions): Promise<Response> {
  let target = url as string;
  let json = '';
  if (typeof url !== 'string' || options !== undefined) {
    const place = targetOf(url);
    target = place.target;
    json = options === undefined && place.name === undefined ? '' : optionsJson(vu, options ?? {}, place.name);
  }
  if (target.length > LIMITS.bodyLength)
    throw new RangeError(`http: the URL is ${target.length} characters long; at most ${LIMITS.bodyLength} can leave the sandbox`);
  const context = contextId(vu); // may throw, and then nothing has begun
  const operation = beginOperation(vu);
  countSeen(vu);
  if (operation.id !== 0) {
    const kind = requestKindOf(vu, method, { target, options: json });
    if (kind !== undefined) write(vu, TO_HOST.repeat, `${operation.id},${context},${kind},`);
    else write(vu, TO_HOST.request, `${operation.id},${context},${textField(`${method} ${target}`)}${textField(json)}`);
  }
  const response = (await operation) as GuestResponse;
  if (response.status === 0 && settings.requests.throws === true) throw new Error(`${method} ${target}: ${response.error}`);
  if (typeof options?.expect === 'function') await judge(response, options.expect);
  return response;
}

async function judge(response: GuestResponse, expect: (response: Response) => unknown): Promise<void> {
  const open = GuestResponse.openOf(response);
  if (open !== undefined) await askExpect(open, response, expect); // without an answer there is nothing to ask of it
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

type Send = (method: string, url: Url, options?: RequestOptions) => Promise<Response>;

function batchItem(send: Send, item: BatchItem): Promise<Response> {
  if (Array.isArray(item)) return send(methodOf(item[0]), item[1] as Url, item[2] as RequestOptions | undefined);
  if (typeof item === 'object' && item !== null && 'url' in item && !('name' in item)) {
    const request = item as { method?: string; url: Url; options?: RequestOptions };
    return send(methodOf(request.method ?? 'GET'), request.url, request.options);
  }
  return send('GET', item as Url);
}

/** Where a request of a batch goes, as far as the script says; all of the environment's own are one host. */
function hostOf(item: BatchItem): string {
  const url = Array.isArray(item) ? item[1] : item;
  const given = url as { url?: unknown; href?: unknown };
  const text =
    typeof url === 'string' ? url : String(typeof given.url === 'object' ? (given.url as NamedUrl).url : (given.url ?? given.href));
  return /^https?:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
}

/** All of them, so many at once in all and to one host as the script's options allow. */
function batch(send: Send, items: readonly BatchItem[]): Promise<Response[]> {
  const { batchMax = Number.POSITIVE_INFINITY, batchPerHostMax = Number.POSITIVE_INFINITY } = settings.requests;
  if (batchMax === Number.POSITIVE_INFINITY && batchPerHostMax === Number.POSITIVE_INFINITY)
    return Promise.all(items.map((item) => batchItem(send, item)));
  const waiting = items.map((item, place) => ({ item, place, host: hostOf(item) }));
  const underWay = new Map<string, number>();
  let all = 0;
  return new Promise((resolve, reject) => {
    const responses: Response[] = [];
    const beginMore = (): void => {
      if (waiting.length === 0 && all === 0) return resolve(responses);
      while (all < batchMax) {
        const next = waiting.findIndex(({ host }) => (underWay.get(host) ?? 0) < batchPerHostMax);
        const [one] = next < 0 ? [] : waiting.splice(next, 1);
        if (one === undefined) return;
        const { item, place, host } = one;
        all++;
        underWay.set(host, (underWay.get(host) ?? 0) + 1);
        batchItem(send, item).then((response) => {
          responses[place] = response;
          all--;
          underWay.set(host, (underWay.get(host) ?? 0) - 1);
          beginMore();
        }, reject);
      }
    };
    beginMore();
  });
}

function methodOf(given: unknown): string {
  const method = String(given).toUpperCase();
  if (!METHOD.test(method)) throw new TypeError(`http: expected a method such as 'GET'; got ${JSON.stringify(String(given))}`);
  return method;
}

export function namedUrl(parts: readonly string[], ...values: readonly (string | number)[]): NamedUrl {
  let url = parts[0] ?? '';
  for (let i = 0; i < values.length; i++) url += encodeURIComponent(String(values[i])) + (parts[i + 1] ?? '');
  // biome-ignore lint/suspicious/noTemplateCurlyInString: what stands for a value in a row's name, as in k6
  return { url, name: parts.join('${}').split('?')[0] as string };
}

/** A third argument is k6's, and would be lost without a word. */
function method(vu: Vu, name: string): (url: Url, options?: RequestOptions, third?: unknown) => Promise<Response> {
  return (url, options, third) => (third === undefined ? send(vu, name, url, options) : refuseThird());
}

/** `http` of one virtual user. */
export function makeHttp(vu: Vu) {
  const bound: Send = (method, url, options) => send(vu, method, url, options);
  return {
    get: method(vu, 'GET'),
    head: method(vu, 'HEAD'),
    post: method(vu, 'POST'),
    put: method(vu, 'PUT'),
    patch: method(vu, 'PATCH'),
    delete: method(vu, 'DELETE'),
    options: method(vu, 'OPTIONS'),
    request: async (method: string, url: Url, options?: RequestOptions) => send(vu, methodOf(method), url, options),
    batch: async (items: readonly BatchItem[]) => batch(bound, [...items]),
    stream: makeStream(vu, { targetOf, methodOf }),
    retry: makeRetry(vu),
    url: namedUrl,
    cookieJar: makeCookieJar(vu),
  };
}
