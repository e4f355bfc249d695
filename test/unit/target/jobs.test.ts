import { afterEach, expect, test } from 'vitest';
import { renderOne } from '../../../runtime/image/render.ts';
import { formOf } from '../../../runtime/picture/multipart.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';
import { parseTargetOptions } from '../../../runtime/target/options.ts';
import { type RunningTarget, startTarget } from '../../../runtime/target/server.ts';

let running: RunningTarget | undefined;
afterEach(() => running?.close());

async function started() {
  running = await startTarget(parseTargetOptions({ port: 0 }));
  const { url } = running;
  const login = (body: unknown) => fetch(`${url}/login`, { method: 'POST', body: JSON.stringify(body) });
  const { token } = (await (await login({ user: 'ann', password: 'x' })).json()) as { token: string };
  const authorization = `Bearer ${token}`;
  const { bytes } = await renderOne(resolveImageSpec('image.pool', { width: 320, height: 240 }), 11, 0);
  const photo = formOf([{ name: 'file', value: { filename: 'photo.jpg', contentType: 'image/jpeg', bytes } }]);
  const post = (form = photo, headers: Record<string, string> = { authorization }) =>
    fetch(`${url}/jobs`, { method: 'POST', body: form.body, headers: { 'content-type': form.contentType, ...headers } });
  const look = (id: string) => fetch(`${url}/jobs/${id}`, { headers: { authorization } });
  return { url, login, post, look };
}

test('a login without a password, and a job without a token, are 401', async () => {
  const { login, post } = await started();
  expect((await login({ user: 'ann' })).status).toBe(401);
  expect((await login('nonsense')).status).toBe(401);
  expect((await post(undefined, {})).status).toBe(401);
  expect((await post(undefined, { authorization: 'Bearer wrong' })).status).toBe(401);
});

test('a job is 202 with its number, and done with its predictions a while later; one that nobody began is 404', async () => {
  const { post, look } = await started();
  const asked = await post();
  expect([asked.status, asked.headers.get('location')]).toEqual([202, '/jobs/1']);
  let job: { state: string; predictions?: unknown[] } = { state: 'queued' };
  while (job.state !== 'done') job = (await (await look('1')).json()) as typeof job;
  expect(job.predictions?.length).toBeGreaterThan(0);
  expect((await look('2')).status).toBe(404);
});

test('a job whose picture cannot be read is taken, and fails with its reason', async () => {
  const { post, look } = await started();
  const form = formOf([{ name: 'file', value: { filename: 'x.jpg', contentType: 'image/jpeg', bytes: Buffer.from('no picture') } }]);
  await post(form);
  let job = { state: 'running', error: '' };
  while (job.state === 'running') job = (await (await look('1')).json()) as typeof job;
  expect(job).toMatchObject({ state: 'failed', error: expect.stringContaining('picture') as string });
});

test('the sixth job of a second is 429 with Retry-After: 1', async () => {
  const { post } = await started();
  const answers = await Promise.all(Array.from({ length: 6 }, () => post()));
  expect(answers.map(({ status }) => status).sort()).toEqual([202, 202, 202, 202, 202, 429]);
  expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('1');
});
