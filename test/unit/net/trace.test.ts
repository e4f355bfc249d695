import { expect, test } from 'vitest';
import { TraceIds } from '../../../runtime/net/trace.ts';
import { ask, httpServer, vuFor } from './servers.ts';

const PARENT = /^00-([\da-f]{32})-([\da-f]{16})-01$/;

/** A server that keeps the traceparent of each request. */
async function tracing() {
  const seen: (string | undefined)[] = [];
  const { base } = await httpServer((request, response) => {
    seen.push(request.headers['traceparent'] as string | undefined);
    if (request.url === '/away') response.writeHead(302, { location: '/' }).end();
    else response.end('ok');
  });
  return { base, seen };
}

test('with sendsTrace each request carries a traceparent of its own, whose trace the outcome names', async () => {
  const { base, seen } = await tracing();
  const vu = vuFor(base, { sendsTrace: true });
  const outcomes = [await ask(vu, base), await ask(vu, base, { headers: ['x-a', '1'] })];
  expect(seen.map((parent) => PARENT.exec(parent ?? '')?.[1])).toEqual(outcomes.map(({ traceId }) => traceId));
  expect(outcomes[0]?.traceId).not.toBe(outcomes[1]?.traceId);
});

test('the hops of a redirect share a trace and have a span each', async () => {
  const { base, seen } = await tracing();
  await ask(vuFor(base, { sendsTrace: true }), `${base}/away`);
  const [first, second] = seen.map((parent) => PARENT.exec(parent ?? ''));
  expect(seen).toHaveLength(2);
  expect(first?.[1]).toBe(second?.[1]);
  expect(first?.[2]).not.toBe(second?.[2]);
});

test.each([
  ['the script', {}, ['TraceParent', 'mine']],
  ['the environment', { headers: { traceparent: 'mine' } }, []],
])('a traceparent of %s stays as it is', async (_, environment, headers) => {
  const { base, seen } = await tracing();
  await ask(vuFor(base, { sendsTrace: true, ...environment }), base, { headers });
  expect(seen).toEqual(['mine']);
});

test('without sendsTrace none is sent', async () => {
  const { base, seen } = await tracing();
  expect((await ask(vuFor(base), base)).traceId).toBeUndefined();
  expect(seen).toEqual([undefined]);
});

test('10,000 trace ids are 10,000 different ones', () => {
  const ids = new TraceIds();
  expect(new Set(Array.from({ length: 10_000 }, () => ids.trace())).size).toBe(10_000);
});
