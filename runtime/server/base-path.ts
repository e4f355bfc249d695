import type { HonoRequest } from 'hono';
import { ConfigError } from '../core/errors.ts';

/** Segments that mean themselves in every proxy: no dots alone, nothing escaped, never `//host`. */
const PATH = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)*$/;
const PATH_MAX = 200;

/** Reads `/load`, `load/`, `/tools/load`: the path below which the pages lie; empty for the root. @throws {ConfigError} */
export function basePathOf(text: string): string {
  const path = text.replace(/\/+$/, '').replace(/^(?!\/|$)/, '/');
  if (path.length > PATH_MAX || !PATH.test(path))
    throw new ConfigError('--base-path', `expected a path of letters, digits and -._~ such as /load; got ${JSON.stringify(text)}`);
  return path;
}

/** Path of a request inside the base path: a proxy may have taken that away already. */
export function pathInside(basePath: string, path: string): string {
  if (basePath === '' || (path !== basePath && !path.startsWith(`${basePath}/`))) return path;
  return path.slice(basePath.length) || '/';
}

/** Where the pages lie as the browser sees it: Traefik says what it took away. @param isProxyTrusted - whether to believe that */
export function publicBaseOf(request: HonoRequest, { basePath, isProxyTrusted }: { basePath: string; isProxyTrusted: boolean }): string {
  const told = isProxyTrusted ? (request.header('x-forwarded-prefix') ?? '').replace(/\/+$/, '') : '';
  return basePath === '' && told.length <= PATH_MAX && PATH.test(told) ? told : basePath;
}
