import { z } from 'zod';
import { liveEvent } from '../views/api/live.ts';
import { API_PATH, OPERATIONS, type Operation } from '../views/api/operations.ts';
import { apiError } from '../views/api/parts.ts';

/** The OpenAPI 3.1 document of the API. @param basePath - path that it lies below, such as `/load`; empty at the root */
export function openApiDocument(version: string, basePath = ''): Record<string, unknown> {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [name, operation] of Object.entries<Operation>(OPERATIONS)) {
    const [method, below] = name.split(' ') as [string, string];
    const path = `${API_PATH}${below}`;
    paths[path] = { ...paths[path], [method]: operationOf(method, below, operation) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'stressrun', version, description: 'Start, watch, change and stop load tests; the web UI uses nothing else.' },
    servers: [{ url: basePath === '' ? '/' : basePath }],
    paths,
    components: {
      schemas: { LiveEvent: jsonSchemaOf(liveEvent), ApiError: jsonSchemaOf(apiError) },
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: 'Where the server asks for one: on any address but loopback.' },
      },
    },
    security: [{}, { token: [] }],
  };
}

function operationOf(
  method: string,
  path: string,
  { does, body, answer: [status, answer], query = [], refusals = [] }: Operation,
): Record<string, unknown> {
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
