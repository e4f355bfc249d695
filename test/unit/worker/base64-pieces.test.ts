import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Base64Pieces } from '../../../runtime/worker/base64-pieces.ts';

const joined = (pieces: readonly Buffer[]): string => Buffer.concat(pieces).toString('latin1');

test('parts of any lengths give the base64 of the whole, the second time too', () => {
  const lengths = fc.array(fc.oneof(fc.nat(40), fc.integer({ min: 1020, max: 1100 })), { maxLength: 5 });
  fc.assert(
    fc.property(lengths, (all) => {
      const parts = all.map((length, i) => Buffer.alloc(length, (i * 77 + 3) % 256));
      const pieces = new Base64Pieces();
      const whole = Buffer.concat(parts).toString('base64');
      expect(joined(pieces.of(parts, undefined))).toBe(whole);
      expect(joined(pieces.of(parts, undefined))).toBe(whole);
    }),
  );
});

test('what comes again is the same buffer; large parts around another middle are, too', () => {
  const pieces = new Base64Pieces();
  const bytes = Buffer.alloc(5000, 1);
  expect(pieces.of(bytes, 'a')[0]).toBe(pieces.of(bytes, 'a')[0]);
  expect(pieces.of(bytes, undefined)[0]).not.toBe(pieces.of(bytes, undefined)[0]);
  const [head, tail] = [Buffer.alloc(20), Buffer.alloc(9000, 2)];
  const first = pieces.of([head, Buffer.from('1234'), tail], undefined);
  const second = pieces.of([head, Buffer.from('5678'), tail], undefined);
  expect(first.filter((piece) => second.includes(piece)).map(({ length }) => length > 11_000)).toEqual([true]);
});

test('of 4,000 bytes kept the one not asked for longest makes room, and one of over a quarter is not kept', () => {
  const pieces = new Base64Pieces(4000);
  const small = Buffer.alloc(600); // 800 in base64
  const first = pieces.of(small, '0')[0];
  for (let i = 1; i < 5; i++) pieces.of(small, String(i));
  expect(pieces.of(small, '0')[0]).toBe(first);
  pieces.of(small, '5');
  expect(pieces.of(small, '0')[0]).toBe(first);
  const large = Buffer.alloc(900);
  expect(pieces.of(large, 'l')[0]).not.toBe(pieces.of(large, 'l')[0]);
});
