import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ASK } from '../../../runtime/core/mailbox.ts';
import { hostService } from '../../../runtime/sandbox/host-services.ts';

test("kinds that are the worker's business are not answered", () => {
  for (const kind of [ASK.text, ASK.json, ASK.meta, ASK.now, ASK.loaded, ASK.base64, 0, -1, 999, Number.NaN])
    expect(hostService(kind, 1, 'x')).toBeUndefined();
});

test('at most 65,536 random bytes come at once, whatever number is asked for', () => {
  expect([16, 65_537, 2 ** 31, -5, Number.NaN, 1.9].map((count) => hostService(ASK.randomBytes, count, '')?.length)).toEqual([
    16, 65_536, 0, 0, 0, 1,
  ]);
});

test('the origin of a URL cannot be set, nor a part that is none', () => {
  const set = (part: string): unknown => JSON.parse(hostService(ASK.urlSet, 0, JSON.stringify(['http://h/a', part, 'x'])) ?? '').href;
  expect(set('origin')).toBe('http://h/a');
  expect(set('__proto__')).toBe('http://h/a');
  expect(set('constructor')).toBe('http://h/a');
});

test('an HMAC is taken of key and data as they were, for 200 keys and texts of any bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 20 }).map((array) => Buffer.from(array).toString('latin1'));
  fc.assert(
    fc.property(bytes, bytes, bytes, (key, data, other) => {
      const sign = (text: string): string | undefined => hostService(ASK.hmac, 0, `sha256:${key.length}:${key}${text}`);
      const wanted = createHmac('sha256', Buffer.from(key, 'latin1')).update(Buffer.from(data, 'latin1')).digest().toString('latin1');
      return sign(data) === wanted && (data === other || sign(data) !== sign(other));
    }),
    { numRuns: 200 },
  );
});
