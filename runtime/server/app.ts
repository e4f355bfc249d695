import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { getPath } from 'hono/utils/url';
import { ConfigError, StressrunError } from '../core/errors.ts';
import { API_PATH } from '../views/api/operations.ts';
import type { ApiError } from '../views/api.ts';
import { type Access, requireConsent, requireLoopbackName, requireOwnOrigin, requireToken, securityHeaders } from './access.ts';
import { apiRoutes } from './api-routes.ts';
import { type Backend, ConflictError, NotFoundError } from './backend.ts';
import { pathInside, publicBaseOf } from './base-path.ts';
import { locustRoutes } from './locust-routes.ts';
import { openApiDocument } from './openapi.ts';
import { pagesApp } from './pages.ts';

const BODY_BYTES_MAX = 64 * 1024;

interface AppParts {
  readonly backend: Backend;
  readonly access: Access;
  /** The built pages. */
  readonly pagesFolder: string;
  /** Told of what is our own fault. */
  readonly onBug: (error: unknown) => void;
}

/** Everything that is served; whoever has no business here is sent away before any of it. */
export function createApp({ backend, access, pagesFolder, onBug }: AppParts): Hono {
  const app = new Hono({ getPath: (request) => pathInside(access.basePath, getPath(request)) });
  app.use(securityHeaders());
  app.get('/healthz', (c) => c.text('ok'));
  app.use(requireLoopbackName(access), endedBySlash(access), requireToken(access), requireOwnOrigin(access));
  app.use(bodyLimit({ maxSize: BODY_BYTES_MAX, onError: (c) => c.json(errorOf('expected at most 64 kB'), 413) }));
  app.use(`${API_PATH}/runs`, requireConsent(access));
  const document = openApiDocument(backend.version, access.basePath);
  app.get('/api/openapi.json', (c) => c.json(document));
  app.route(API_PATH, apiRoutes(backend));
  app.route('/', locustRoutes(backend, access));
  app.get('/metrics', (c) => {
    const text = backend.current?.metricsText?.();
    return text === undefined ? c.text('', 404) : c.text(text, 200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  });
  app.route('/', pagesApp(pagesFolder));
  app.notFound((c) => c.json(errorOf('there is nothing at this address'), 404));
  app.onError((error, c) => {
    const status = statusOf(error);
    if (status === 500) onBug(error);
    return c.json(status === 500 ? errorOf('stressrun has a fault of its own; its terminal says more') : bodyOf(error), status);
  });
  return app;
}

/** The addresses in the pages are relative: `/load` alone would leave the path. */
function endedBySlash(access: Access): MiddlewareHandler {
  return async (c, next) => {
    const { pathname, search } = new URL(c.req.url);
    return access.basePath !== '' && pathname === access.basePath ? c.redirect(`${publicBaseOf(c.req, access)}/${search}`, 308) : next();
  };
}

function statusOf(error: unknown): ContentfulStatusCode {
  if (error instanceof ConflictError) return 409;
  if (error instanceof NotFoundError) return 404;
  if (error instanceof ConfigError) return error.where === '--allow-production' ? 403 : 422;
  return error instanceof StressrunError && error.code !== 'SR_BUG' ? 422 : 500;
}

function bodyOf(error: Error): ApiError {
  const hint = error instanceof StressrunError ? error.hint : undefined;
  return errorOf(error.message, hint, error instanceof ConfigError ? error.where : undefined);
}

function errorOf(message: string, hint?: string, where = ''): ApiError {
  return { error: { message, ...(hint === undefined ? {} : { hint }), ...(where === '' ? {} : { where }) } };
}
