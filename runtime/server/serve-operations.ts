import { type Context, Hono } from 'hono';
import type { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { type AnswerOf, type BodyOf, OPERATIONS, type Operation, type OperationName } from '../views/api/operations.ts';

/** Asked with a body that is as it should be. @returns what its schema says, or an answer of its own where that says nothing */
export type Handler<Name extends OperationName> = (
  c: Context,
  body: BodyOf<Name>,
) => AnswerOf<Name> | Response | Promise<AnswerOf<Name> | Response>;

/** One for each operation. */
export type Handlers = { readonly [Name in OperationName]: Handler<Name> };

/** Routes of all operations. */
export function serveOperations(handlers: Handlers): Hono {
  const app = new Hono();
  for (const [name, operation] of Object.entries<Operation>(OPERATIONS)) {
    const [method, path] = name.split(' ') as [string, string];
    const handler = handlers[name as OperationName] as (c: Context, body: unknown) => unknown;
    app.on(method.toUpperCase(), path.replace(/\{(\w+)\}/g, ':$1'), async (c) => {
      const answer = await handler(c, operation.body === undefined ? undefined : await bodyOf(c, operation.body));
      return answer instanceof Response ? answer : c.json(answer as object, operation.answer[0]);
    });
  }
  return app;
}

/** @throws {ConfigError} saying which field is not as it should be */
async function bodyOf(c: Context, schema: z.ZodType): Promise<unknown> {
  let body: unknown;
  try {
    body = await c.req.json();
  } catch (error) {
    throw new ConfigError('', 'expected a body of JSON', { cause: error });
  }
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ConfigError(issue?.path.join('.') ?? '', issue?.message ?? 'expected a form');
}
