import { expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type * as schema from '../../../runtime/server/api-schema.ts';
import { openApiDocument } from '../../../runtime/server/openapi.ts';
import type * as Api from '../../../runtime/views/api.ts';

test('the schemas are the types of the API, all of them', () => {
  expectTypeOf<z.output<typeof schema.startForm>>().toEqualTypeOf<Api.StartForm>();
  expectTypeOf<z.output<typeof schema.editForm>>().toEqualTypeOf<Api.EditForm>();
  expectTypeOf<z.output<typeof schema.status>>().toEqualTypeOf<Api.Status>();
  expectTypeOf<z.output<typeof schema.options>>().toEqualTypeOf<Api.Options>();
  expectTypeOf<z.output<typeof schema.planView>>().toEqualTypeOf<Api.PlanView>();
  expectTypeOf<z.output<typeof schema.runEntry>>().toEqualTypeOf<Api.RunEntry>();
  expectTypeOf<z.output<typeof schema.runView>>().toEqualTypeOf<Api.RunView>();
  expectTypeOf<z.output<typeof schema.liveEvent>>().toEqualTypeOf<Api.LiveEvent>();
  expectTypeOf<z.output<typeof schema.edit>>().toEqualTypeOf<Api.Edit>();
  expectTypeOf<z.output<typeof schema.comparison>>().toEqualTypeOf<Api.Comparison>();
  expectTypeOf<z.output<typeof schema.trendPoint>>().toEqualTypeOf<Api.TrendPoint>();
  expectTypeOf<z.output<typeof schema.apiError>>().toEqualTypeOf<Api.ApiError>();
});

test('the OpenAPI document has 13 paths, each operation with a name of its own and its answers', () => {
  const { openapi, paths } = openApiDocument('1.2.3') as {
    openapi: string;
    paths: Record<string, Record<string, { operationId: string }>>;
  };
  expect(openapi).toBe('3.1.0');
  expect(Object.keys(paths)).toHaveLength(13);
  const operations = Object.values(paths).flatMap((path) => Object.values(path));
  expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(14);
  expect(JSON.stringify(paths['/api/v1/runs']?.['post'])).toContain('allowProduction');
});
