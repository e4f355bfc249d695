import { expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const WORDS = 'it waits for a promise that nothing settles: no request, sleep or timer of this user is under way';

test.concurrent('--once ends though its iteration waits for a promise that never settles, and says so; what it asked for before counts', async () => {
  const target = await startTarget({});
  const { at } = project({
    'never.ts': `import { http } from 'stressrun';
export const options = { thresholds: { iteration_errors: ['count==0'] } };
export default async () => {
  await http.get('/work');
  await new Promise(() => undefined);
};
`,
  });
  const { run, exitCode } = await load([at('never.ts'), '--once', '--base-url', target.url]);
  expect(run.errors).toMatchObject([{ kind: 'script', count: 1, sample: expect.stringContaining(WORDS) }]);
  expect(run.requests.at(-1)).toMatchObject({ count: 1, failed: 0 });
  expect(exitCode).toBe(99);
});

test.concurrent.each(['setup', 'vuSetup', 'teardown'])(
  'a run ends with 107 when %s() waits for a promise that never settles',
  async (hook) => {
    const target = await startTarget({});
    const { at } = project({
      'never.ts': `export const ${hook} = async () => { await new Promise(() => undefined); };\nexport default async () => {};\n`,
    });
    const { run, exitCode } = await load([at('never.ts'), '--once', '--base-url', target.url]);
    expect(exitCode).toBe(107);
    expect(run.verdict.reasons.join('\n')).toContain(WORDS);
  },
);

test.concurrent('an iteration that waits 5 s for an answer, then for a sleep, then for a timer is left alone', async () => {
  const target = await startTarget({ '/slow': { delayMs: 5_000 } });
  const { at } = project({
    'slow.ts': `import { http, sleep } from 'stressrun';
export default async () => {
  await http.get('/slow');
  await sleep(5);
  await new Promise((done) => setTimeout(done, 5000));
};
`,
  });
  const { run } = await load([at('slow.ts'), '--once', '--base-url', target.url]);
  expect(run.errors).toEqual([]);
  expect(run.starts).toMatchObject({ begun: 1, interrupted: 0 });
});
