import { expect, test } from 'vitest';
import { ScriptBytes } from '../../../runtime/worker/script-bytes.ts';

const of = (text: string) => Buffer.from(text);

test('what an iteration makes is gone with it and its room is free; what lasts stays, once for equal contents', () => {
  const held = new ScriptBytes(10);
  const passing = held.keep(of('abcd'), { vu: 3, contentType: '' });
  const lasting = held.keep(of('abcd'), { vu: undefined, contentType: '' });
  expect(held.keep(of('abcd'), { vu: undefined, contentType: '' })).toBe(lasting);
  expect([held.bytes, held.find(passing)?.bytes.toString()]).toEqual([8, 'abcd']);
  held.forget(2);
  held.forget(3);
  expect([held.bytes, held.find(passing), held.find(lasting)?.bytes.toString()]).toEqual([4, undefined, 'abcd']);
});

test('more than all may hold is refused with how much there is, and nothing of it stays', () => {
  const held = new ScriptBytes(10);
  held.keep(of('123456'), { vu: 1, contentType: '' });
  expect(held.keep(of('12345'), { vu: 1, contentType: '' })).toMatch(/^!5 bytes more .* hold 6, at most/);
  held.part('123');
  held.part('45');
  expect(held.made(1)).toMatch(/^!/);
  held.part('1234');
  expect(held.find(held.made(1))?.bytes.toString()).toBe('1234');
  held.forget(1);
  expect(held.bytes).toBe(0);
});

test('bytes come in pieces of one character a byte, and none at all are empty', () => {
  const held = new ScriptBytes();
  held.part('\x00\xff');
  held.part('\x80');
  expect(held.find(held.made(undefined))?.bytes).toEqual(Buffer.from([0, 255, 128]));
  expect(held.find(held.made(undefined))?.bytes).toHaveLength(0);
});
