import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

test('the script of the Kubernetes base is scripts/predict.ts to the byte: Kustomize reads nothing outside its folder', () => {
  const copy = readFileSync(join(REPOSITORY, 'deploy/kubernetes/base/predict.ts'), 'utf8');
  expect(copy).toBe(readFileSync(join(REPOSITORY, 'scripts/predict.ts'), 'utf8'));
});
