import { isReplaced } from '../core/header-rules.ts';
import { ASKS_SCRIPT, LASTING, LIMITS, PASSING } from '../core/mailbox.ts';
import type { BodyEncoding, EnvironmentPlan } from '../core/plan.ts';
import type { StreamPlan } from '../core/stream-plan.ts';
import { absoluteUrl, withoutUserinfo } from '../core/url-text.ts';
import type { HttpRequest } from '../net/http-request.ts';
import type { PictureStore } from './pictures.ts';
import { type ContentOptions, contentOf, type Drawn, queryText, referencesIn } from './request-content.ts';

/** A request as the script wrote it, ready to be sent as often as it comes. */
export interface BuiltRequest {
  readonly request: HttpRequest;
  /** Row name in the report. */
  readonly name: string;
  readonly tags: Readonly<Record<string, string>> | undefined;
  /** Whether a status is one that the script expects. */
  isExpected(status: number): boolean;
  /** Whether a function of the script decides. */
  readonly asksScript: boolean;
  /** References of pictures that must be drawn first, each once; undefined: none. */
  readonly toDraw: readonly string[] | undefined;
  /** How its body is still to be compressed; absent: it goes out as it is. */
  readonly encoding?: BodyEncoding;
  /** Reference of the first picture in it, `pool/index`; empty: none. */
  readonly picture: string;
  /** How its answer is read as a stream; absent: it is not. */
  readonly stream?: StreamPlan;
}

/** Options as the guest sends them: checked there, in µs, pictures by reference. */
interface Options extends ContentOptions {
  query?: Record<string, unknown>;
  headers?: Record<string, unknown>;
  cookies?: Record<string, string>;
  auth?: { user: string; password: string } | { token: string } | false;
  timeout?: number;
  redirects?: number;
  discard?: boolean;
  compression?: BodyEncoding | 'none';
  expectContinue?: number;
  expect?: number | string | (number | string)[];
  tags?: Record<string, unknown>;
  name?: string;
  stream?: StreamPlan;
}

const REDIRECTS_DEFAULT = 10;

/** Builds requests, and says which can be sent again as they are. */
export class RequestBuilder {
  readonly #environment: EnvironmentPlan;
  readonly #pictures: PictureStore;
  readonly #onReplaced: (header: string) => void;
  readonly #told = new Set<string>();

  /** @param onReplaced - told once of each header of the script that is ours to say, in lower case */
  constructor(environment: EnvironmentPlan, pictures: PictureStore, onReplaced: (header: string) => void) {
    this.#environment = environment;
    this.#pictures = pictures;
    this.#onReplaced = onReplaced;
  }

  /**
   * @param target - method, a space, path or URL
   * @param optionsJson - as the guest wrote them; empty for none
   * @param drawn - bytes of the pictures that were drawn for this request, by reference
   */
  build(target: string, optionsJson: string, drawn?: Drawn): { built: BuiltRequest; isReusable: boolean } {
    const space = target.indexOf(' ');
    const method = target.slice(0, space);
    const path = target.slice(space + 1);
    const options = (optionsJson === '' ? {} : JSON.parse(optionsJson)) as Options;
    const toDraw = drawn === undefined ? referencesToDraw(options, this.#pictures) : undefined;
    const content =
      toDraw === undefined ? contentOf(options, this.#pictures, drawn) : { body: undefined, contentType: undefined, isReusable: false };
    const headers = this.#headersOf(options.headers, content.contentType);
    // compressed, several events would come out of one block, at nobody knows which moment
    if (options.stream !== undefined && !hasHeader(headers, 'accept-encoding')) headers.push('accept-encoding', 'identity');
    const continueUs = content.body === undefined ? 0 : (options.expectContinue ?? this.#environment.requests?.continueUs ?? 0);
    const request: HttpRequest = {
      method,
      url: urlOf(this.#environment.baseUrl, path, options.query),
      headers,
      body: content.body,
      timeoutUs: options.timeout ?? this.#environment.timeoutUs,
      redirectsMax: options.redirects ?? this.#environment.requests?.redirectsMax ?? REDIRECTS_DEFAULT,
      keepsBody: (options.discard ?? this.#environment.requests?.discardsBodies) !== true,
      ...(continueUs === 0 ? {} : { continueUs }),
      ...(options.auth === undefined ? {} : { auth: authOf(options.auth) }),
      ...(options.cookies === undefined ? {} : { cookies: textValues(options.cookies) }),
    };
    const name = (options.name ?? nameOf(path, this.#environment.baseUrl)).slice(0, LIMITS.tagLength);
    const tags = options.tags === undefined ? undefined : textValues(options.tags);
    const picture = referencesIn(options).find((reference) => !isOfScript(reference)) ?? '';
    const asksScript = options.expect === ASKS_SCRIPT;
    const isExpected = expectation(asksScript ? undefined : options.expect);
    const encoding = this.#encodingOf(options, request);
    const compressed = encoding === undefined ? undefined : { encoding };
    const streamed = options.stream === undefined ? undefined : { stream: options.stream };
    return {
      built: { request, name, tags, isExpected, asksScript, toDraw, picture, ...compressed, ...streamed },
      isReusable: content.isReusable,
    };
  }

  /** Undefined: the body goes out as it is. What has a `content-encoding` is compressed already. */
  #encodingOf({ compression }: Options, { body, headers }: HttpRequest): BodyEncoding | undefined {
    const encoding = compression ?? this.#environment.requests?.encoding ?? 'none';
    const isEncoded = hasHeader(headers, 'content-encoding');
    return encoding === 'none' || isEncoded || body === undefined || body.length === 0 ? undefined : encoding;
  }

  #headersOf(given: Record<string, unknown> | undefined, contentType: string | undefined): string[] {
    const headers: string[] = [];
    let hasContentType = false;
    for (const [name, value] of Object.entries(given ?? {})) {
      const lowerName = name.toLowerCase();
      headers.push(name, String(value));
      hasContentType ||= lowerName === 'content-type';
      if (isReplaced(lowerName, String(value)) && !this.#told.has(lowerName)) {
        this.#told.add(lowerName);
        this.#onReplaced(lowerName);
      }
    }
    if (contentType !== undefined && !hasContentType) headers.push('content-type', contentType);
    return headers;
  }
}

function hasHeader(headers: readonly string[], name: string): boolean {
  return headers.some((text, i) => i % 2 === 0 && text.toLowerCase() === name);
}

/** Nobody who reads a report knows what a script made. */
function isOfScript(reference: string): boolean {
  return reference.startsWith(`${PASSING}/`) || reference.startsWith(`${LASTING}/`);
}

function referencesToDraw(options: Options, pictures: PictureStore): readonly string[] | undefined {
  const toDraw = referencesIn(options).filter((reference) => pictures.isDrawnPerUse(reference));
  return toDraw.length === 0 ? undefined : [...new Set(toDraw)];
}

function urlOf(baseUrl: string, path: string, query: Record<string, unknown> | undefined): string {
  const url = absoluteUrl(baseUrl, path);
  const text = query === undefined ? '' : queryText(query);
  if (text === '') return url;
  const hash = url.indexOf('#');
  const bare = hash < 0 ? url : url.slice(0, hash);
  return `${bare}${bare.includes('?') ? '&' : '?'}${text}`;
}

function textValues(values: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
}

function authOf(auth: NonNullable<Options['auth']>): NonNullable<HttpRequest['auth']> {
  if (auth === false) return false;
  if ('token' in auth) return { kind: 'bearer', token: String(auth.token) };
  return { kind: 'basic', user: String(auth.user), password: String(auth.password) };
}

/** The path without its query; of another host, the whole URL without it. */
function nameOf(path: string, baseUrl: string): string {
  const bare = withoutUserinfo(path.split(/[?#]/)[0] as string);
  return bare.startsWith(`${baseUrl}/`) ? bare.slice(baseUrl.length) : bare;
}

const isUsual = (status: number): boolean => status >= 200 && status < 400;

function expectation(expect: Options['expect']): (status: number) => boolean {
  if (expect === undefined) return isUsual;
  const ranges = (Array.isArray(expect) ? expect : [expect]).flatMap((item) => String(item).split(',')).map(rangeOf);
  return (status) => ranges.some(([from, to]) => status >= from && status <= to);
}

function rangeOf(text: string): [from: number, to: number] {
  const match = /^\s*(\d{3})\s*(?:-\s*(\d{3}))?\s*$/.exec(text);
  if (match === null)
    throw new RangeError(`http: expect: expected a status such as 404 or a range such as '200-299'; got ${JSON.stringify(text)}`);
  return [Number(match[1]), Number(match[2] ?? match[1])];
}
