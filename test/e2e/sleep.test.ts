import { expect, test } from 'vitest';
import { load, notesOf } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const UNAWAITED = `import { http, sleep } from 'stressrun';
export default async () => {
  await http.get('/');
  sleep('10ms');
};
`;

test.concurrent('a sleep that nobody awaited is awaited at the end of its iteration and warned about once, with file and line', async () => {
  const { url } = await startTarget();
  const { at } = project({ 'unawaited.ts': UNAWAITED });
  const { exitCode, run, stderr } = await load([at('unawaited.ts'), '--base-url', url, '--users', '3', '--iterations', '12']);
  expect(exitCode).toBe(0);
  expect(notesOf(run)).toHaveLength(1);
  expect(notesOf(run)[0]).toMatch(/an operation was not awaited[\s\S]*unawaited\.ts:4:3[\s\S]*> 4 \| {3}sleep\('10ms'\);/);
  expect(stderr.match(/was not awaited/g)).toHaveLength(1);
  expect(run.metrics['iteration_duration']?.values['min']).toBeGreaterThanOrEqual(9);
});

test.concurrent('with --strict it is an error of the iteration, and a max_iteration_errors of 0 makes that a 99', async () => {
  const { url } = await startTarget();
  const { at } = project({ 'config.yaml': 'thresholds: { max_iteration_errors: 0 }\n', 'unawaited.ts': UNAWAITED });
  const { exitCode, run } = await load([at('unawaited.ts'), '--base-url', url, '--iterations', '3', '--strict']);
  expect(exitCode).toBe(99);
  expect(run.metrics['iteration_errors']?.values['count']).toBe(3);
  expect(run.errors).toMatchObject([{ kind: 'script', count: 3, sample: expect.stringContaining('was not awaited') }]);
});

test.concurrent('after a sleep a request is due when the sleep was over, never later than it was sent: no response time is below 0', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'sleep.ts': `import { http, sleep } from 'stressrun';
export default async () => {
  await sleep('20ms');
  await http.get('/');
};
`,
  });
  const { run } = await load([at('sleep.ts'), '--base-url', url, '--users', '4', '--iterations', '100']);
  expect(run.metrics['http_req_response_time']?.values['min']).toBeGreaterThan(0);
  expect(run.metrics['iteration_duration']?.values['min']).toBeGreaterThan(17);
  expect(notesOf(run)).toEqual([]);
});

test.concurrent('a user that is 10 ms further behind its pace with each iteration still sleeps its 20 ms, and says how late it is', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'behind.ts': `import { http, pace, sleep } from 'stressrun';
export default async () => {
  pace('10ms');
  await sleep('20ms');
  await http.get('/');
};
`,
  });
  const { run } = await load([at('behind.ts'), '--base-url', url, '--users', '1', '--iterations', '20']);
  expect(run.metrics['iteration_duration']?.values['min']).toBeGreaterThan(17);
  expect(run.metrics['http_req_response_time']?.values['max']).toBeGreaterThan(100);
  expect(run.metrics['http_req_duration']?.values['med']).toBeLessThan(100);
});
