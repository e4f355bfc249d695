import { expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { type SeenRequest, startTarget } from '../support/target-server.ts';

const SCRIPT = `import { http, image } from 'stressrun';
const [photo] = [image.pool({ width: 2600, height: 2600, format: 'png', content: 'noise', variants: 1 }).at(0)];
const tell = (name, res) => http.get('/told', { query: { name, ...res.timings } });
export default async () => {
  await tell('upload', await http.post('/reads-slowly', { body: photo }));
  await tell('waiting', await http.get('/answers-late'));
  await tell('receiving', await http.get('/answers-slowly'));
};
`;
const MB = 1_000_000;

test('a slow reader is in sending, a late answer in waiting, a slow answer in receiving, each within 5 % of what the target saw', async () => {
  const { url, seen } = await startTarget({
    '/reads-slowly': { reading: { pauseMs: 1_000, atBytes: [4 * MB] } },
    '/answers-late': { delayMs: 2_000 },
    '/answers-slowly': { answerOverMs: 2_000 },
  });
  const { exitCode, run } = await load([project({ 'phases.ts': SCRIPT }).at('phases.ts'), '--base-url', url, '--once']);
  expect(exitCode).toBe(0);

  const request = (path: string): SeenRequest => seen.find((each) => each.path === path) as SeenRequest;
  const upload = request('/reads-slowly');
  expect(upload.bodyBytes).toBeGreaterThan(20 * MB);
  const told = (name: string): Record<string, string> => seen.find(({ query }) => query['name'] === name)?.query ?? {};
  const near = (name: string, phase: string, expectedMs: number): void => {
    expect(Number(told(name)[phase]) / expectedMs, `${phase} of ${name}`).toBeGreaterThan(0.95);
    expect(Number(told(name)[phase]) / expectedMs, `${phase} of ${name}`).toBeLessThan(1.05);
  };
  near('upload', 'sending', upload.readMs);
  near('waiting', 'waiting', request('/answers-late').waitedMs);
  near('receiving', 'receiving', 2_000);
  // The rest of each is what a loopback takes.
  for (const [name, phase] of [
    ['upload', 'waiting'],
    ['waiting', 'sending'],
    ['receiving', 'waiting'],
  ] as const)
    expect(Number(told(name)[phase]), `${phase} of ${name}`).toBeLessThan(200);

  for (const [metric, name, phase] of [
    ['http_req_sending', 'upload', 'sending'],
    ['http_req_waiting', 'waiting', 'waiting'],
    ['http_req_receiving', 'receiving', 'receiving'],
  ] as const)
    expect(run.metrics[metric]?.values['max']).toBeCloseTo(Number(told(name)[phase]), 0);
});
