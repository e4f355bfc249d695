import { expect, test } from 'vitest';
import { scriptNameOf } from '../../../runtime/history/script-name.ts';

test.each([
  ['/p/scripts/a.ts', ['/p', '/data'], 'scripts/a.ts'],
  ['/p/a.ts', ['/p'], 'a.ts'],
  ['/q/a.ts', ['/p'], 'a.ts'],
  ['/p/a.ts', [], 'a.ts'],
])('%s in the project of %j is %s', (scriptPath, allowPaths, name) => {
  expect(scriptNameOf({ scriptPath, allowPaths })).toBe(name);
});

test('the plan of an older version says nothing of a project: the file alone is left', () => {
  expect(scriptNameOf({ scriptPath: '/p/scripts/a.ts' })).toBe('a.ts');
});
