import { z } from 'zod';
import * as schema from './api-schema.ts';

/** Where the API lies. */
export const API_PATH = '/api/v1';

interface Operation {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly does: string;
  readonly body?: z.ZodType;
  /** Status and schema of the answer; no schema: no JSON. */
  readonly answer: readonly [status: number, schema?: z.ZodType];
  readonly query?: readonly string[];
  /** Statuses of an `ApiError`. */
  readonly refusals?: readonly number[];
}

const OPERATIONS: readonly Operation[] = [
  { method: 'get', path: '/options', does: 'What a run can be started with.', answer: [200, schema.options], refusals: [422] },
  { method: 'get', path: '/status', does: 'Which run there is: the live one, or the last.', answer: [200, schema.status] },
  {
    method: 'post',
    path: '/plan',
    does: 'What a form comes to; nothing is started.',
    body: schema.startForm,
    answer: [200, schema.planView],
    refusals: [403, 409, 422],
  },
  {
    method: 'post',
    path: '/runs',
    does: 'Starts a run. 403: production, and its name was not given in allowProduction, or by a client without the token.',
    body: schema.startForm,
    answer: [201, z.object({ id: z.string() })],
    refusals: [403, 409, 422],
  },
  { method: 'get', path: '/runs', does: 'All runs, newest first.', answer: [200, z.array(schema.runEntry)] },
  {
    method: 'get',
    path: '/runs/{id}',
    does: 'A whole run so far; `current` is the live or last one.',
    answer: [200, schema.runView],
    refusals: [404],
  },
  {
    method: 'get',
    path: '/runs/{id}/events',
    does: 'Server-sent events, each a LiveEvent, numbered by `id:`; goes on after Last-Event-ID or `after`. 204: the run is over and all was sent.',
    answer: [200],
    query: ['after'],
    refusals: [404, 410],
  },
  {
    method: 'post',
    path: '/runs/{id}/edit',
    does: 'Changes users or rate of the live run; it is exploratory from then on.',
    body: schema.editForm,
    answer: [202, schema.edit],
    refusals: [404, 409, 422],
  },
  {
    method: 'post',
    path: '/runs/{id}/stop',
    does: 'Ends the live run: `graceful` lets running iterations end, `now` interrupts them.',
    body: schema.stopForm,
    answer: [202, z.object({})],
    refusals: [404, 409],
  },
  {
    method: 'post',
    path: '/runs/{id}/reset',
    does: 'Begins the statistics on display anew: rows, checks, failures. Verdict, reports and files are over the whole run.',
    body: z.object({}),
    answer: [202, z.object({})],
    refusals: [404, 409],
  },
  {
    method: 'get',
    path: '/runs/{id}/files/{name}',
    does: 'A file of the run folder.',
    answer: [200],
    query: ['download'],
    refusals: [404],
  },
  {
    method: 'post',
    path: '/runs/{id}/baseline',
    does: 'Keeps a run as a baseline. 409: it is exploratory, or did not pass.',
    body: schema.baselineForm,
    answer: [201, z.object({})],
    refusals: [404, 409, 422],
  },
  {
    method: 'get',
    path: '/compare',
    does: 'Runs side by side; `runs` are ids with commas between, the first is the base.',
    answer: [200, schema.comparison],
    query: ['runs'],
    refusals: [404, 422],
  },
  {
    method: 'get',
    path: '/trend',
    does: 'Runs of a script under a profile, oldest first.',
    answer: [200, z.array(schema.trendPoint)],
    query: ['script', 'profile'],
  },
];

/** The OpenAPI 3.1 document of the API. @param basePath - path that it lies below, such as `/load`; empty at the root */
export function openApiDocument(version: string, basePath = ''): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const operation of OPERATIONS) {
    const path = `${API_PATH}${operation.path}`;
    paths[path] = { ...paths[path], [operation.method]: operationOf(operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'stressrun', version, description: 'Start, watch, change and stop load tests; the web UI uses nothing else.' },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    paths,
    components: {
      schemas: { LiveEvent: jsonSchemaOf(schema.liveEvent), ApiError: jsonSchemaOf(schema.apiError) },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Where the server asks for one: on any address but loopback.' },
      },
    },
    security: [{}, { token: [] }],
  };
}

function operationOf({
  method,
  path,
  does,
  body,
  answer: [status, answer],
  query = [],
  refusals = [],
}: Operation): Record<string, unknown> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]);
  return {
    summary: does,
    operationId: `${method}${path.replace(/[{}]/g, '').replace(/(^|\/)(\w)/g, (_, __, letter: string) => letter.toUpperCase())}`,
    parameters: [
      ...names.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
      ...query.map((name) => ({ name, in: 'query', required: name === 'runs', schema: { type: 'string' } })),
    ],
    ...(body === undefined ? {} : { requestBody: { required: true, content: { 'application/json': { schema: jsonSchemaOf(body) } } } }),
    responses: {
      [status]: {
        description: 'as asked for',
        ...(answer === undefined ? {} : { content: { 'application/json': { schema: jsonSchemaOf(answer) } } }),
        ...(path.endsWith('/events') ? { content: { 'text/event-stream': { schema: { $ref: '#/components/schemas/LiveEvent' } } } } : {}),
      },
      ...Object.fromEntries(
        refusals.map((refusal) => [
          refusal,
          { description: 'refused', content: { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } } },
        ]),
      ),
    },
  };
}

function jsonSchemaOf(of: z.ZodType): Record<string, unknown> {
  const { $schema: _, ...rest } = z.toJSONSchema(of, { unrepresentable: 'any' });
  return rest;
}
