import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cli, load } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const SCRIPT = `import { check, http } from 'stressrun';
export const options = { vus: 2, iterations: 20 };
export default async () => { check(await http.get('/'), { 'is up': (r) => r.ok }); };
`;

test('report latest prints what the run printed, by its id and its beginning too; without run.json the journal gives the same rows', async () => {
  const { url } = await startTarget();
  const { runDir, folder, run, stdout } = await load([project({ 'get.ts': SCRIPT }).at('get.ts'), '--base-url', url]);
  for (const name of ['latest', run.run.id, run.run.id.slice(0, -2), folder])
    expect(await cli(['report', name, '--run-dir', runDir])).toMatchObject({ exitCode: 0, stdout });

  const killed = join(temporaryFolder(), run.run.id);
  cpSync(folder, killed, { recursive: true });
  rmSync(join(killed, 'run.json'));
  const json = join(temporaryFolder(), 'again.json');
  const again = await cli(['report', killed, '--json', json]);
  expect(again.exitCode).toBe(0);
  expect(again.stdout).toContain('the run was killed; this is what its journal holds');
  expect(again.stdout).toContain('Total requests: 20');
  const { default: result } = (await import(json, { with: { type: 'json' } })) as { default: typeof run };
  expect(result.requests.map(({ name, count, responseTimeMs }) => [name, count, responseTimeMs])).toEqual(
    run.requests.map(({ name, count, responseTimeMs }) => [name, count, responseTimeMs]),
  );
  expect(result.checks).toEqual(run.checks);
});

test('report of a run that is not there is a 104 that says where it looked', async () => {
  const runDir = temporaryFolder();
  const { exitCode, stderr, stdout } = await cli(['report', 'latest', '--run-dir', runDir]);
  expect([exitCode, stdout]).toEqual([104, '']);
  expect(stderr).toMatch(/^stressrun: [^\n]+\n( {2}hint: [^\n]+\n)?$/);
  expect(stderr).toContain(runDir);
});
