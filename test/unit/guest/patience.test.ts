import { expect, test } from 'vitest';
import type { BoxAnswer, BoxRequest } from '../../support/box-answers.ts';
import { openBox } from '../../support/script-box.ts';

async function run(body: string, answers: readonly BoxAnswer[] = []) {
  let asked = 0;
  const answer = (_: BoxRequest): BoxAnswer => answers[Math.min(asked++, answers.length - 1)] ?? {};
  const box = await openBox(`import { http, until, wait } from 'stressrun';\nexport default async () => {\n${body}\n};`, { answer });
  const value = await box.value().catch((error: Error) => error.message);
  return { value, sleepsMs: box.sleepsUs.map((us) => us / 1_000), requests: box.requests.length };
}
const busy = (retryAfter?: string): BoxAnswer => ({
  status: 429,
  ...(retryAfter === undefined ? {} : { headers: ['retry-after', retryAfter] }),
});
const RETRY = "const res = await http.retry(() => http.get('/'), OPTIONS); return res.status;";
const retry = (options: string, answers: readonly BoxAnswer[]) => run(RETRY.replace('OPTIONS', options), answers);

test('http.retry waits as many seconds as Retry-After says and returns the answer that is none of 429', async () => {
  expect(await retry('{}', [busy('7'), busy('0'), { status: 201 }])).toEqual({ value: 201, sleepsMs: [7_000, 0], requests: 3 });
});

test('without Retry-After it waits 0.5 to 1 times 1 s, 2 s, 4 s, never over max; after 3 attempts, or as many as asked for, it gives up', async () => {
  const { value, sleepsMs, requests } = await retry("{ attempts: 5, max: '3s' }", [busy()]);
  expect([value, requests]).toEqual([429, 5]);
  for (const [i, [least, most]] of (
    [
      [500, 1_000],
      [1_000, 2_000],
      [2_000, 3_000],
      [3_000, 3_000],
    ] as const
  ).entries()) {
    expect(sleepsMs[i]).toBeGreaterThanOrEqual(least);
    expect(sleepsMs[i]).toBeLessThanOrEqual(most);
  }
  expect((await retry('{}', [busy()])).requests).toBe(3);
  expect((await retry("{ max: '10s' }", [busy('3600'), {}])).sleepsMs).toEqual([10_000]);
});

test('the jitter of one seed is the same each time, and draws nothing of the script', async () => {
  const first = await retry('{}', [busy()]);
  expect(await retry('{}', [busy()])).toEqual(first);
});

test('Retry-After may be a date: that far from now; one in the past is now, and what is neither is as none', async () => {
  const inMs = async (date: string): Promise<number> => (await retry('{}', [busy(date), {}])).sleepsMs[0] ?? -1;
  expect(await inMs(new Date(Date.now() + 30_000).toUTCString())).toBeGreaterThan(20_000);
  expect(await inMs('Wed, 21 Oct 2015 07:28:00 GMT')).toBe(0);
  expect(await inMs('soon')).toBeGreaterThanOrEqual(500);
});

test('on says when: statuses, or a function of the answer; an answer that never came is asked for again', async () => {
  expect(await retry('{ on: [500] }', [busy(), {}])).toMatchObject({ value: 429, requests: 1 });
  expect(
    await retry('{ on: (r) => r.json("state") === "later" }', [{ body: '{"state":"later"}' }, { body: '{"state":"now"}' }]),
  ).toMatchObject({ requests: 2 });
  expect(await retry('{}', [{ status: 0, errorCode: 1212, error: 'refused' }, {}])).toMatchObject({ value: 200, requests: 2 });
});

test('until asks every second, or as often as asked for, until it holds, and gives what it held of', async () => {
  const jobs = [{ body: '{"state":"queued"}' }, { body: '{"state":"running"}' }, { body: '{"state":"done","n":3}' }];
  const done = "(r) => r.json('state') === 'done'";
  expect(await run(`return (await until(() => http.get('/job'), ${done})).json('n');`, jobs)).toEqual({
    value: 3,
    sleepsMs: [1_000, 1_000],
    requests: 3,
  });
  expect(await run(`await until(() => http.get('/job'), ${done}, { every: '50ms' });`, jobs)).toMatchObject({ sleepsMs: [50, 50] });
  const later = [{ ...jobs[0], headers: ['retry-after', '2'] }, ...jobs.slice(2)];
  expect(await run(`await until(() => http.get('/job'), ${done});`, later)).toMatchObject({ sleepsMs: [2_000] });
});

test('until ends in an error with how often it asked and what came last', async () => {
  const job = "until(() => http.get('/job'), (r) => r.json('state') === 'done', { every: 1, timeout: '3s' })";
  expect(await run(`await ${job};`, [{ body: '{"state":"queued"}' }])).toMatchObject({
    value: expect.stringContaining(
      'until: not so within 3 s (asked 4 times); the last answer was status 200: {"state":"queued"}',
    ) as string,
    requests: 4,
  });
  expect((await run('await until((n) => n, (n) => n > 9, { every: 1, timeout: 2 });')).value).toContain(
    '(asked 3 times); the last value was 3',
  );
});

test('wait sleeps a time between the two, the same for one seed', async () => {
  const { sleepsMs } = await run("await wait('1s', '3s'); await wait(2);");
  expect(sleepsMs[0]).toBeGreaterThanOrEqual(1_000);
  expect(sleepsMs[0]).toBeLessThan(3_000);
  expect(sleepsMs[1]).toBe(2_000);
  expect((await run("await wait('1s', '3s'); await wait(2);")).sleepsMs).toEqual(sleepsMs);
});

test.each([
  ['wait(3, 1)', 'wait: expected the shorter time first; got 3, 1'],
  ['http.retry(5)', 'http.retry: expected a function; got number'],
  ["http.retry(http.get('/'))", 'http.retry: expected a function; got object'],
  ['http.retry(() => 5)', 'http.retry: expected a function that returns an answer, such as () => http.get(…)'],
  ["http.retry(() => http.get('/'), { attempts: 0 })", 'http.retry: attempts: expected a whole number from 1 to 100; got 0'],
  ['until(() => 1)', 'until: the second argument: expected a function; got undefined'],
])('%s is refused', async (expression, message) => {
  expect((await run(`await ${expression};`)).value).toContain(message);
});
