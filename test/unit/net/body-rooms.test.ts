import { expect, test } from 'vitest';
import { AnswerBody } from '../../../runtime/net/answer-body.ts';
import { BodyRooms } from '../../../runtime/net/body-rooms.ts';
import { ask, httpServer, vuFor } from './servers.ts';

const MIB = 1024 * 1024;
/** Of a body that came in one read and is known to be whole. */
const bodyOf = (rooms: BodyRooms, bytes: Buffer): AnswerBody => {
  const body = new AnswerBody(rooms);
  body.copy(bytes, 0, bytes.length, 0);
  return body;
};

test('a room of 16 KiB to 2 MiB that was given back is taken again, by bodies of its size alone', () => {
  const rooms = new BodyRooms();
  const [small, large] = [rooms.take(60_000), rooms.take(MIB)];
  rooms.giveBack(small);
  rooms.giveBack(large);
  expect(rooms.take(MIB - 5) === large).toBe(true);
  expect(rooms.take(MIB) === large).toBe(false);
  expect(rooms.take(40_000) === small).toBe(true);
  for (const bytes of [100, 3 * MIB]) {
    const other = rooms.take(bytes);
    rooms.giveBack(other);
    expect(rooms.take(bytes) === other).toBe(false);
  }
});

test('48 MiB of rooms are kept for later, no more', () => {
  const rooms = new BodyRooms();
  const taken = Array.from({ length: 60 }, () => rooms.take(MIB));
  for (const room of taken) rooms.giveBack(room);
  const again = Array.from({ length: 60 }, () => rooms.take(MIB));
  expect(again.filter((room) => taken.includes(room))).toHaveLength(48);
});

test('a body shows nothing of the one that was in its room before', () => {
  const rooms = new BodyRooms();
  const first = bodyOf(rooms, Buffer.alloc(50_000, 'a'));
  const room = first.whole() as Buffer;
  first.release();
  const second = bodyOf(rooms, Buffer.alloc(40_000, 'b'));
  expect(second.whole()?.buffer === room.buffer).toBe(true);
  expect(Buffer.alloc(40_000, 'b').equals(second.whole() as Buffer)).toBe(true);
});

test('a buffer that a body took over from somebody else is no room, and a body is released once', () => {
  const rooms = new BodyRooms();
  const foreign = Buffer.allocUnsafeSlow(65_536);
  const body = new AnswerBody(rooms);
  body.keep(foreign);
  body.release();
  expect(rooms.take(65_536) === foreign).toBe(false);
  const own = bodyOf(rooms, Buffer.alloc(65_536, 'c'));
  const room = own.whole();
  own.release();
  own.release();
  expect(rooms.take(65_536) === room).toBe(true);
  expect(rooms.take(65_536) === room).toBe(false);
});

test('a body of several parts is whole after its first room holds another one', () => {
  const rooms = new BodyRooms();
  const text = Buffer.from('0123456789abcdef'.repeat(12_500));
  const body = new AnswerBody(rooms);
  for (let at = 0; at < text.length; at += 20_000) body.copy(text, at, at + 20_000, undefined);
  const whole = body.whole();
  body.release();
  bodyOf(rooms, Buffer.alloc(30_000, 'x'));
  expect(text.equals(whole as Buffer)).toBe(true);
});

test.each([
  ['with a length', { 'content-length': '1000000' }],
  ['in chunks', {}],
])('of two answers of 1 MB %s the second is right, whether the first was released or is still held', async (_, headers) => {
  let letter = 0;
  const { base } = await httpServer((_request, response) =>
    response.writeHead(200, headers).end(Buffer.alloc(1_000_000, 'abc'.charAt(letter++))),
  );
  const vu = vuFor(base);
  const [first, second] = [await ask(vu, base), await ask(vu, base)];
  expect(Buffer.alloc(1_000_000, 'a').equals(first.body as Buffer)).toBe(true);
  first.release?.();
  expect(first.body).toBeUndefined();
  expect(Buffer.alloc(1_000_000, 'c').equals((await ask(vu, base)).body as Buffer)).toBe(true);
  expect(Buffer.alloc(1_000_000, 'b').equals(second.body as Buffer)).toBe(true);
});
