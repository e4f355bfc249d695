import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { optionsOf, scriptPathOf, scriptPathsIn } from '../../../runtime/commands/ui-options.ts';
import { loadConfig } from '../../../runtime/config/load-config.ts';
import { temporaryFolder } from '../history/temporary-folder.ts';

const CONFIG = `
environments:
  local: { base_url: http://localhost:8000, max_users: 50 }
  prod: { base_url: "https://\${NOT_SET}", production: true }
  demo: { target: embedded }
defaults: { environment: local }
test_mix: { a: 1, b: 3 }
test_profiles:
  smoke: { users: 5, duration: 30s, description: Quick, thresholds: { max_p95: 1s } }
  open: { arrival_rate: 50/s, duration: 10m, max_users: 500 }
  ramp: { stages: [{ duration: 10s, target: 20 }, { duration: 20s, target: 0 }] }
thresholds: { max_p95: 2s, a: { max_p99: 4s } }
`;

function projectFolder(): string {
  const folder = temporaryFolder();
  for (const name of ['scripts/deep', 'examples', 'elsewhere', 'scripts/node_modules/x'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'config.yaml'), CONFIG);
  writeFileSync(join(folder, 'scripts/mixed.ts'), 'export default mix({}, config.test_mix);');
  writeFileSync(join(folder, 'scripts/deep/plain.ts'), 'export function browse() {}');
  for (const name of ['scripts/types.d.ts', 'scripts/a.test.ts', 'scripts/notes.md', 'elsewhere/out.ts', 'scripts/node_modules/x/i.ts'])
    writeFileSync(join(folder, name), '');
  symlinkSync(join(folder, 'elsewhere/out.ts'), join(folder, 'scripts/link.ts'));
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'examples/linked'));
  return folder;
}

test('scripts are the files of scripts/ and examples/: no links, no types, no tests, no packages', () => {
  expect(scriptPathsIn(projectFolder())).toEqual(['scripts/deep/plain.ts', 'scripts/mixed.ts']);
});

test.each(['elsewhere/out.ts', 'scripts/link.ts', 'examples/linked/out.ts', '../x.ts', 'scripts/../elsewhere/out.ts', '/etc/passwd'])(
  'a form cannot start %j',
  (path) => {
    const folder = projectFolder();
    expect(() => scriptPathOf(folder, path, undefined)).toThrow('script: expected a script, one of');
  },
);

test('a form can start what is offered, and the script of the command line wherever it lies', () => {
  const folder = projectFolder();
  expect(scriptPathOf(folder, 'scripts/mixed.ts', undefined)).toBe(join(folder, 'scripts/mixed.ts'));
  expect(scriptPathOf(folder, '/tmp/own.ts', '/tmp/own.ts')).toBe('/tmp/own.ts');
  expect(scriptPathOf(folder, undefined, '/tmp/own.ts')).toBe('/tmp/own.ts');
  expect(() => scriptPathOf(folder, undefined, undefined)).toThrow('expected a script; got none');
});

test('options are those of config.yaml; an environment that lacks a variable is offered all the same', () => {
  const folder = projectFolder();
  const config = loadConfig({ cwd: folder, processEnv: {} });
  const options = optionsOf(config, { defaults: {} }, (path) =>
    path === 'scripts/deep/plain.ts' ? { tasks: ['t'], scenarios: ['s'] } : undefined,
  );
  expect(options.environments).toEqual([
    { name: 'local', baseUrl: 'http://localhost:8000', isProduction: false, usersMax: 50, isDefault: true },
    { name: 'prod', baseUrl: '', isProduction: true, isDefault: false },
    { name: 'demo', baseUrl: 'built-in inference server', isProduction: false, isDefault: false },
  ]);
  expect(
    options.profiles.map(({ name, summary, users, ratePerSecond, durationS }) => [name, summary, users, ratePerSecond, durationS]),
  ).toEqual([
    ['smoke', '5 users for 30s', 5, null, 30],
    ['open', '50/s for 10m', 500, 50, 600],
    ['ramp', 'up to 20 users for 30s', 20, null, 30],
  ]);
  expect(options.profiles.map(({ thresholds }) => thresholds)).toEqual([{ max_p95: '1s' }, {}, {}]);
  expect(options.thresholds).toEqual({ max_p95: '2s', 'a.max_p99': '4s' });
  expect(options.scripts).toEqual([
    { path: 'scripts/deep/plain.ts', hasDefault: false, tasks: ['t'], scenarios: ['s'] },
    { path: 'scripts/mixed.ts', hasDefault: true, tasks: ['a', 'b'], scenarios: [] },
  ]);
});
