import { expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

const SCRIPT = `import { check, http } from 'stressrun';
export default async () => {
  const res = await http.get('/predict');
  check(res, { 'the script sees both parts': () => res.serverTimings.queue === 4 && res.serverTimings.inference > 0 });
};
`;
const ITERATIONS = 40;

/** A target that says how long its parts took: queue 4 ms, inference 1 ms more with each request, so 1 to 40 ms. */
function startInference() {
  return startTarget({
    '/predict': {
      answer: ({ serial }) => ({
        headers: { 'server-timing': `queue;dur=4, inference;desc="the model";dur=${serial}`, 'x-request-id': `req-${serial}` },
      }),
    },
  });
}

const run = async (thresholds: string) => {
  const { url } = await startInference();
  const files = { 'main.ts': SCRIPT, 'config.yaml': `health_check: { on_failure: warn }\nthresholds:\n${thresholds}` };
  return load([project(files).at('main.ts'), '--base-url', url, '--users', '2', '--iterations', String(ITERATIONS)]);
};

test('a server that says queue and inference: both are trends, thresholds of a part are met and missed, and the slow requests kept have them', async () => {
  const { exitCode, run: result } = await run(
    '  "http_req_server_time{part:inference}": ["max<50ms", "p(50)<10ms"]\n  "http_req_server_time{part:queue}": "max<=4ms"\n',
  );
  expect(result.thresholds.map(({ expression, outcome, actual }) => [expression, outcome, Math.round(actual ?? -1)])).toEqual([
    ['http_req_server_time{part:inference}: max<50ms', 'met', ITERATIONS],
    ['http_req_server_time{part:inference}: p(50)<10ms', 'missed', ITERATIONS / 2],
    ['http_req_server_time{part:queue}: max<=4ms', 'met', 4],
  ]);
  expect(exitCode).toBe(99);
  expect(result.metrics['http_req_server_time']?.values).toMatchObject({ count: 2 * ITERATIONS, min: 1, max: ITERATIONS });
  expect(result.checks).toMatchObject([{ passes: ITERATIONS, fails: 0 }]);

  const kept = result.kept ?? [];
  expect(kept.length).toBeGreaterThanOrEqual(3);
  for (const { why, url, requestId, serverTimings, responseTimeUs, phasesUs, inFlight } of kept) {
    expect({ why, url, inFlight: inFlight >= 1 && inFlight <= 2 }).toEqual({ why: 'slow', url: '/predict', inFlight: true });
    const serial = Number(requestId.replace('req-', ''));
    expect(serverTimings).toEqual([
      { part: 'queue', us: 4000 },
      { part: 'inference', us: 1000 * serial },
    ]);
    expect(responseTimeUs).toBeGreaterThanOrEqual(phasesUs.sending + phasesUs.waiting + phasesUs.receiving);
  }
});

test('of answers of which every 4th fails the first failed ones are kept, with their code and message, at most 10', async () => {
  const { url } = await startTarget({ '/predict': { failEveryNth: 4, body: '{"detail":"no"}' } });
  const { run: result } = await load([
    project({ 'main.ts': SCRIPT }).at('main.ts'),
    '--base-url',
    url,
    '--users',
    '1',
    '--iterations',
    String(2 * ITERATIONS),
  ]);
  const failed = (result.kept ?? []).filter(({ why }) => why === 'failed');
  expect(failed.length).toBeGreaterThanOrEqual(3);
  expect(failed.length).toBeLessThanOrEqual(10);
  expect(failed[0]).toMatchObject({ status: 500, errorCode: 1500, kind: 'status' });
  expect(failed[0]?.error).toContain('answered 500: {"detail":"no"}');
});

test('the generator knows what it adds to a latency before the run, and a run of an idle target says it in milliseconds', async () => {
  const { run: result } = await run('  "http_req_failed": "rate<0.5"\n');
  expect(result.generator.overheadMs).toBeGreaterThan(0);
  expect(result.notes.filter((note) => note.includes('calibrated'))).toEqual([]);
});
