import { expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { type SeenRequest, startTarget } from '../support/target-server.ts';

const SCRIPT = `import { http, image } from 'stressrun';
const photo = image.pool({ width: 2600, height: 2600, format: 'png', content: 'noise', variants: 1 }).at(0);
export default async () => {
  const answers = await Promise.all([http.post('/reads-slowly', { body: photo }), http.get('/answers-late'), http.get('/answers-slowly')]);
  for (const { url, timings } of answers) await http.get('/told', { query: { of: url.split('/').at(-1), ...timings } });
};
`;
const MB = 1_000_000;

test('a slow reader is in sending, a late answer in waiting, a slow answer in receiving, each within 5 % of what the target saw', async () => {
  const { url, seen } = await startTarget({
    '/reads-slowly': { reading: { pauseMs: 1_500, atBytes: [4 * MB] } },
    '/answers-late': { delayMs: 3_000 },
    '/answers-slowly': { answerOverMs: 3_000 },
  });
  const { exitCode, run } = await load([project({ 'phases.ts': SCRIPT }).at('phases.ts'), '--base-url', url, '--once']);
  expect(exitCode).toBe(0);

  const request = (name: string): SeenRequest => seen.find(({ path }) => path === `/${name}`) as SeenRequest;
  const told = (name: string, phase: string): number => Number(seen.find(({ query }) => query['of'] === name)?.query[phase]);
  const upload = request('reads-slowly');
  const { serviceMs, readMs, waitedMs } = request('answers-slowly');
  expect(upload.bodyBytes).toBeGreaterThan(20 * MB);
  for (const [name, phase, expectedMs] of [
    ['reads-slowly', 'sending', upload.readMs],
    ['answers-late', 'waiting', request('answers-late').waitedMs],
    ['answers-slowly', 'receiving', serviceMs - readMs - waitedMs],
  ] as const) {
    expect(told(name, phase) / expectedMs, `${phase} of ${name}`).toBeGreaterThan(0.95);
    expect(told(name, phase) / expectedMs, `${phase} of ${name}`).toBeLessThan(1.05);
    // The report has the same: of one request each, the longest is this one.
    expect(run.metrics[`http_req_${phase}`]?.values['max']).toBeCloseTo(told(name, phase), 0);
  }
  // The other phases of each are what a loopback takes.
  for (const [name, phase] of [
    ['reads-slowly', 'waiting'],
    ['answers-late', 'sending'],
    ['answers-slowly', 'waiting'],
  ] as const)
    expect(told(name, phase), `${phase} of ${name}`).toBeLessThan(500);
});
