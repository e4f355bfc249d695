import { expect, test } from 'vitest';
import { openApiDocument } from '../../../runtime/server/openapi.ts';

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
