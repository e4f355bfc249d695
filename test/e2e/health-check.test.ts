import { expect, test } from 'vitest';
import { load, notesOf } from '../support/cli.ts';
import { type Project, project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const GET = `import { http } from 'stressrun';\nexport default async () => { await http.get('/work'); };\n`;

function withHealthCheck(url: string, rest: string): Project {
  return project({
    'config.yaml': `environments: { it: { base_url: "${url}" } }\nhealth_check: { path: /ready, expect: { status: ok, model.loaded: true }, ${rest} }\n`,
    'get.ts': GET,
  });
}

test.concurrent('an unhealthy target is a warning that says what was expected, and the run goes on', async () => {
  const target = await startTarget({ '/ready': { body: '{"status":"ok","model":{"loaded":false}}' } });
  const { exitCode, run, stderr } = await load([withHealthCheck(target.url, 'on_failure: warn').at('get.ts'), '--iterations', '2']);
  expect(exitCode).toBe(0);
  expect(target.counts()).toEqual({ '/ready': 1, '/work': 2 });
  const problem = `GET ${target.url}/ready: expected model.loaded to be true; got false`;
  expect(run.notes).toContain(`the target did not pass the health check, the run goes on: ${problem}`);
  expect(stderr).toContain(problem);
});

test.concurrent('with on_failure: fail an unhealthy target is a 114 and gets no load', async () => {
  const target = await startTarget({ '/ready': { status: 503 } });
  const { exitCode, run, stdout } = await load([withHealthCheck(target.url, 'on_failure: fail').at('get.ts'), '--iterations', '2']);
  expect([exitCode, run.verdict.outcome]).toEqual([114, 'error']);
  expect(target.counts()).toEqual({ '/ready': 1 });
  expect(run.verdict.reasons[0]).toContain('expected a status of 200 to 299; got 503');
  expect(stdout).toContain('health_check.wait in config.yaml waits for it');
});

test.concurrent('wait: 20s asks again until the target is healthy at the third time', async () => {
  const ready = '{"status":"ok","model":{"loaded":true}}';
  const target = await startTarget({ '/ready': { answer: ({ serial }) => (serial < 3 ? { status: 503 } : { body: ready }) } });
  const { exitCode, run } = await load([withHealthCheck(target.url, 'wait: 20s, on_failure: fail').at('get.ts'), '--iterations', '1']);
  expect([exitCode, notesOf(run)]).toEqual([0, []]);
  expect(target.counts()).toEqual({ '/ready': 3, '/work': 1 });
});
