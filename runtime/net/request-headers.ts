import type { IsBoundHeader } from '../core/credentials.ts';
import { authorizationOf } from './auth.ts';
import { joinedCookies } from './cookies.ts';
import { onWire } from './header-bytes.ts';
import type { HttpRequest } from './http-request.ts';
import type { Target } from './target.ts';

/** What every request of an environment carries unless it says otherwise. */
export interface DefaultHeaders {
  /** Name, value …; names in lower case. */
  readonly pairs: readonly string[];
  /** The environment's own; undefined when there is none. */
  readonly authorization: string | undefined;
  /** Both of these together, for requests that add nothing. */
  readonly whole: string[];
  /** Asked for each header of a request that a redirect has led elsewhere. */
  readonly isBound: IsBoundHeader;
}

export interface HopHeaderOptions {
  readonly target: Target;
  readonly defaults: DefaultHeaders;
  /** From the VU's jar; empty when there are none. */
  readonly jarCookies: string;
  /** Whether a redirect led to another origin: credentials stay behind. */
  readonly isElsewhere: boolean;
  /** Whether a redirect turned the request into a GET: what describes the body goes with it. */
  readonly hasLostBody: boolean;
  /** `traceparent` of the hop, which one of the script's or the environment's own replaces; empty: none. */
  readonly trace: string;
}

interface LastHeaders {
  readonly request: HttpRequest;
  readonly defaults: DefaultHeaders;
  readonly jarCookies: string;
  readonly headers: string[];
}

/** Of the last request to a target: one that comes again has the same array, and with it the head that was made of it. */
const last = new WeakMap<Target, LastHeaders>();

/** All headers of a hop. The usual case, a request that adds nothing, gets one array that is shared by all. Whoever gets it changes nothing in it. */
export function hopHeaders(request: HttpRequest, options: HopHeaderOptions): string[] {
  const { target, defaults, jarCookies, isElsewhere, trace } = options;
  const isPlain =
    request.headers.length === 0 &&
    request.auth === undefined &&
    request.cookies === undefined &&
    request.continueUs === undefined &&
    target.authorization === undefined;
  if (isElsewhere || options.hasLostBody || trace !== '') return mergedHeaders(request, options);
  if (isPlain && jarCookies === '') return defaults.whole;
  const known = last.get(target);
  if (known !== undefined && known.request === request && known.defaults === defaults && known.jarCookies === jarCookies)
    return known.headers;
  const headers = mergedHeaders(request, options);
  last.set(target, { request, defaults, jarCookies, headers });
  return headers;
}

function mergedHeaders(request: HttpRequest, options: HopHeaderOptions): string[] {
  const { defaults, jarCookies, isElsewhere, hasLostBody, trace } = options;
  const out: string[] = [];
  const names: string[] = [];
  const cookieSources = jarCookies === '' ? [] : [jarCookies];
  const add = (name: string, value: string): void => {
    names.push(name.toLowerCase());
    out.push(name, value);
  };
  for (let i = 0; i + 1 < request.headers.length; i += 2) {
    const [name, value] = [request.headers[i] as string, request.headers[i + 1] as string];
    const lowerName = name.toLowerCase();
    if (isElsewhere && defaults.isBound(lowerName, value)) {
      if (lowerName !== 'cookie') names.push(lowerName); // what the script replaced stays replaced
      continue;
    }
    if (hasLostBody && lowerName.startsWith('content-')) continue;
    if (lowerName === 'cookie') cookieSources.push(value);
    else add(name, value);
  }
  const authorization = names.includes('authorization') ? undefined : authorizationFor(request, options);
  if (authorization !== undefined) add('authorization', authorization);
  for (let i = 0; i + 1 < defaults.pairs.length; i += 2) {
    const [name, value] = [defaults.pairs[i] as string, defaults.pairs[i + 1] as string];
    const isSuppressed = name === 'authorization' && request.auth === false;
    if (names.includes(name) || isSuppressed) continue; // those for other hosts have no credentials among them
    if (name === 'cookie') cookieSources.unshift(value);
    else add(name, value);
  }
  if (request.continueUs !== undefined && !names.includes('expect')) out.push('expect', '100-continue');
  if (trace !== '' && !names.includes('traceparent')) out.push('traceparent', trace);
  const cookies = joinedCookies(cookieSources, isElsewhere ? undefined : request.cookies);
  if (cookies !== '') out.push('cookie', onWire(cookies));
  return out;
}

/** The request's own, else the URL's, else the environment's at its own origin; after a redirect to another origin the request's own stays behind. */
function authorizationFor(request: HttpRequest, { target, defaults, isElsewhere }: HopHeaderOptions): string | undefined {
  if (request.auth === false) return isElsewhere ? target.authorization : undefined;
  if (request.auth !== undefined) return isElsewhere ? target.authorization : authorizationOf(request.auth);
  return target.authorization ?? (defaults.pairs.includes('authorization') ? undefined : defaults.authorization);
}

/** Those of an environment's headers that other hosts may see too. */
export function unboundHeaders(headers: Readonly<Record<string, string>>, isBound: IsBoundHeader): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name, value]) => !isBound(name, value)));
}

/** Headers of the environment over ours. */
export function defaultHeaders(
  version: string,
  environment: Readonly<Record<string, string>>,
  { authorization, isBound }: Pick<DefaultHeaders, 'authorization' | 'isBound'>,
): DefaultHeaders {
  const merged = new Map([
    ['user-agent', `stressrun/${version}`],
    ['accept', '*/*'],
    ['accept-encoding', 'gzip, deflate, br'],
  ]);
  for (const [name, value] of Object.entries(environment)) merged.set(name.toLowerCase(), value);
  const pairs = [...merged].flat();
  const isGiven = merged.has('authorization') || authorization === undefined;
  return { pairs, authorization, isBound, whole: isGiven ? pairs : [...pairs, 'authorization', authorization] };
}
