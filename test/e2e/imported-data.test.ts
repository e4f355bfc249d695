import { expect, test } from 'vitest';
import { cli } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const SCRIPT = `import outside from '../outside.json';
import { http } from 'stressrun';
export default async () => { await http.get('/' + outside.name); };
`;

test.concurrent('JSON that a script imports from above its project is a 104 that names the file, and nothing is asked', async () => {
  const target = await startTarget();
  const { at } = project({ 'outside.json': '{"name":"away"}', 'in/config.yaml': '{}\n', 'in/x.ts': SCRIPT });
  const { exitCode, stderr } = await cli([at('in/x.ts'), '--base-url', target.url]);
  expect(exitCode).toBe(104);
  expect(stderr).toMatch(/outside\.json: expected a path inside .*\/in; got one outside\n.*allow_paths in config\.yaml adds folders/);
  expect(target.counts()).toEqual({});
});

test.concurrent('with its folder in allow_paths the same script runs', async () => {
  const target = await startTarget();
  const { at } = project({ 'outside.json': '{"name":"away"}', 'in/config.yaml': 'allow_paths: [..]\n', 'in/x.ts': SCRIPT });
  const { exitCode } = await cli([at('in/x.ts'), '--base-url', target.url, '--once', '--run-dir', at('runs')]);
  expect(exitCode).toBe(0);
  expect(target.counts()).toMatchObject({ '/away': 1 });
});
