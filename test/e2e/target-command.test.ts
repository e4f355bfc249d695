import { expect, test } from 'vitest';
import { cli, startCli } from '../support/cli.ts';

test('stressrun target serves until Ctrl-C, then ends in 0 within seconds and answers no more', async () => {
  const target = startCli(['target', '--port', '0']);
  const [url] = await target.printed(/http:\/\/127\.0\.0\.1:\d+/);
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ status: 'ok' });
  target.signal('SIGINT', 'group');
  const { exitCode, stderr } = await target.ended;
  expect(exitCode).toBe(0);
  expect(stderr).not.toContain('internal error');
  await expect(fetch(`${url}/health`)).rejects.toThrow();
});

test('a cold start of 1 s, errors at a rate of 100 % and a latency are flags', async () => {
  const target = startCli([
    'target',
    '--port',
    '0',
    '--cold-start',
    '1s',
    '--error-rate',
    '100%',
    '--latency',
    'uniform(1ms,5ms)',
    '--server-timing',
  ]);
  const [url] = await target.printed(/http:\/\/127\.0\.0\.1:\d+/);
  expect((await fetch(`${url}/health`)).status).toBe(503);
  await expect.poll(async () => (await fetch(`${url}/health`)).status, { timeout: 10_000 }).toBe(200);
  target.signal('SIGTERM');
  expect((await target.ended).exitCode).toBe(0);
});

test("a port in use and a flag that is no target's are a 104 with the remedy", async () => {
  const first = startCli(['target', '--port', '0']);
  const [, port] = await first.printed(/http:\/\/127\.0\.0\.1:(\d+)/);
  const second = await cli(['target', '--port', port ?? '']);
  expect([second.exitCode, second.stdout]).toEqual([104, '']);
  expect(second.stderr).toBe(
    `stressrun: --port: expected a free port; ${port} on 127.0.0.1 is in use\n  hint: port 0 takes any free one\n`,
  );
  first.signal('SIGINT');
  await first.ended;
  expect((await cli(['target', '--users', '5'])).stderr).toContain('got "--users", which is one of "stressrun run", "stressrun check"');
});
