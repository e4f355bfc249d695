import { expect, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

test.concurrent('a median that is on its limit is judged as the value that it is: 5 is at most 5, is 5, and is not more than 5', async () => {
  const { url } = await startTarget();
  const script = (thresholds: string) => `import { metrics, vu } from 'stressrun';
const small = metrics.trend('small');
const large = metrics.trend('large');
const took = metrics.trend('took', { unit: 'time' });
export const options = { vus: 1, iterations: 100, thresholds: ${thresholds} };
export default () => {
  small.add([3, 5, 5, 5, 7][vu.iteration % 5] ?? 0);
  large.add(vu.iteration === 0 ? 1 : vu.iteration >= 96 ? 9000 : 2000);
  took.add([3, 5, 5, 5, 7][vu.iteration % 5] ?? 0);
};
`;
  const { at } = project({
    'on.ts': script("{ small: ['med<=5', 'med==5', 'p(90)<=7'], large: ['p(90)<=2000'], took: ['med<=5', 'med==5'] }"),
    'over.ts': script("{ small: ['med>5'] }"),
  });
  const on = await load([at('on.ts'), '--base-url', url]);
  expect(on.run.thresholds.map(({ expression, outcome, actual }) => [expression, outcome, actual])).toEqual([
    ['small: med<=5', 'met', 5],
    ['small: med==5', 'met', 5],
    ['small: p(90)<=7', 'met', 7],
    ['large: p(90)<=2000', 'met', 2000],
    ['took: med<=5', 'met', 5],
    ['took: med==5', 'met', 5],
  ]);
  expect(on.exitCode).toBe(0);
  expect(on.run.metrics['small']?.values).toMatchObject({ min: 3, med: 5, max: 7, p90: 7 });
  const over = await load([at('over.ts'), '--base-url', url]);
  expect([over.exitCode, over.run.thresholds[0]?.detail]).toEqual([99, 'p50 5, limit more than 5: missed, it is the limit itself']);
});

test.concurrent('percentiles of pixels, bytes, moments and negative numbers are theirs and not the maximum', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'far.ts': `import { metrics } from 'stressrun';
const pixels = metrics.trend('pixels');
const memory = metrics.trend('gpu_memory', { unit: 'data' });
const moment = metrics.trend('moment');
const drift = metrics.trend('drift');
export const options = { vus: 1, iterations: 100, thresholds: {
  pixels: ['med<16000000'], gpu_memory: ['med<5600000000'], moment: ['p(10)<1700100000000'], drift: ['med<-0.4', 'p(99)<0.6'],
} };
let n = 0;
export default () => {
  n++;
  pixels.add(1e7 + n * 1e5);
  memory.add(5e9 + n * 1e7);
  moment.add(1.7e12 + n * 1e9);
  drift.add(n <= 60 ? -n / 100 - 0.2 : n / 1000);
};
`,
  });
  const { exitCode, run } = await load([at('far.ts'), '--base-url', url]);
  expect(run.thresholds.map(({ outcome }) => outcome)).toEqual(['met', 'met', 'missed', 'missed', 'met']);
  expect(run.thresholds[0]?.actual).toBeCloseTo(15e6, -4);
  expect(run.thresholds[1]?.actual).toBeCloseTo(5.5e9, -7);
  expect(run.metrics['drift']?.values).toMatchObject({ min: -0.8, max: 0.1, count: 100 });
  expect([exitCode, run.notes.filter((note) => note.includes('beyond'))]).toEqual([99, []]);
});

test.concurrent('0.0004 is shown as such, of a number, a gauge and a time, and misses 0.0001 by 0.3 µs', async () => {
  const { url } = await startTarget();
  const { at } = project({
    'tiny.ts': `import { metrics } from 'stressrun';
const share = metrics.trend('box_error');
const drift = metrics.gauge('drift');
const took = metrics.trend('took', { unit: 'time' });
export const options = { vus: 1, iterations: 10, thresholds: { took: ['max<0.0001'], box_error: ['med<=0.0004'] } };
export default () => {
  share.add(0.0004);
  drift.add(0.0004);
  took.add(0.0004);
};
`,
  });
  const { exitCode, run, stdout } = await load([at('tiny.ts'), '--base-url', url]);
  expect(exitCode).toBe(99);
  expect(run.thresholds.map(({ detail }) => detail)).toEqual([
    'max 0.4µs, limit 0.1µs: missed by 0.3µs (+300%)',
    'p50 0.0004, limit 0.0004: met',
  ]);
  expect(stdout).toMatch(/box_error +trend +avg 0\.0004, min 0\.0004, med 0\.0004/);
  expect(stdout).toMatch(/drift +gauge +value 0\.0004, min 0\.0004, max 0\.0004/);
  expect(stdout).toMatch(/took +trend +avg 0\.4µs/);
});
