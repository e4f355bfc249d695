import { expect, test } from 'vitest';
import { Link, PIECE_BYTES_MAX } from '../../../runtime/agents/link.ts';

/** An end of a link: what it published, and what it was told. */
function end(peer: string) {
  const pieces: Buffer[] = [];
  const told: unknown[] = [];
  const bytes: [number, string][] = [];
  const broken: string[] = [];
  const link = new Link(peer, (piece) => pieces.push(Buffer.from(piece)), {
    control: (message) => told.push(message),
    bytes: (worker, chunk) => bytes.push([worker, chunk.toString()]),
    broken: (error) => broken.push(error.message),
  });
  return { link, pieces, told, bytes, broken };
}

/** Three pieces as the first end says them. */
function three() {
  const from = end('the other');
  from.link.say({ first: 1 });
  from.link.sayBytes(3, [Buffer.from('se'), Buffer.from('cond')]);
  from.link.say({ third: 3 });
  return from.pieces as [Buffer, Buffer, Buffer];
}

test('what is said is heard in its order, by worker; what is said beside the order has no number', () => {
  const to = end('agent 1');
  const [first, second, third] = three();
  const beside = end('x');
  beside.link.sayBeside({ now: true });
  for (const piece of [first, second, beside.pieces[0] as Buffer, third]) to.link.take(piece);
  expect([to.told, to.bytes, to.broken]).toEqual([[{ first: 1 }, { now: true }, { third: 3 }], [[3, 'second']], []]);
});

const [A, B, C] = three();
test.each([
  ['lost', [A, C], 'agent 1: expected piece 2 of what it says; got piece 3'],
  ['doubled', [A, A, B], 'agent 1: expected piece 2 of what it says; got piece 1'],
  ['overtaken', [B, A], 'agent 1: expected piece 1 of what it says; got piece 2'],
  ['too short', [A, Buffer.from('abc')], 'agent 1: expected a piece of 9 to 524297 bytes; got one of 3'],
  ['too long', [Buffer.alloc(PIECE_BYTES_MAX + 10)], `agent 1: expected a piece of 9 to 524297 bytes; got one of ${PIECE_BYTES_MAX + 10}`],
  ['of another kind', [Buffer.from([7, 1, 0, 0, 0, 0, 0, 0, 0])], 'agent 1: expected a piece of a known kind; got kind 7'],
  ['no JSON', [Buffer.from([1, 1, 0, 0, 0, 0, 0, 0, 0, 0x7b])], 'agent 1: expected JSON; got something else'],
])('a piece that is %s ends the link, once, and nothing is heard after it', (_, pieces, words) => {
  const to = end('agent 1');
  for (const piece of [...pieces, B, C]) to.link.take(piece);
  expect(to.broken).toEqual([words]);
  expect(to.told.length + to.bytes.length).toBeLessThan(3);
});

test('an end that takes nothing is sent 8 MiB, and the rest, in order, as it says that it has room; more than was said it cannot have taken', () => {
  const from = end('agent 1');
  const to = end('the coordinator');
  const lines = Array.from({ length: 40 }, (_, i) => `${i}`.padEnd(500_000));
  for (const line of lines) from.link.sayBytes(1, [Buffer.from(line)]);
  const sentBytes = from.pieces.reduce((sum, { length }) => sum + length, 0);
  expect(sentBytes).toBeGreaterThan(8 << 20);
  expect(sentBytes).toBeLessThan((8 << 20) + PIECE_BYTES_MAX + 9);
  for (let i = 0; i < from.pieces.length; i++) {
    to.link.take(from.pieces[i] as Buffer);
    for (const answer of to.pieces.splice(0)) from.link.take(answer);
  }
  expect(to.bytes.map(([, line]) => line.trim())).toEqual(lines.map((line) => line.trim()));
  const liar = end('x');
  liar.link.sayBeside({ taken: 10 ** 9 });
  from.link.take(liar.pieces[0] as Buffer);
  expect(from.broken).toEqual(['agent 1: expected it to have taken at most what was said; got 1000000000']);
});

test('a message of 2 MB is cut into pieces that a broker takes', () => {
  const from = end('agent 1');
  from.link.sayBytes(0, [Buffer.alloc(13), Buffer.alloc(2_000_000)]);
  expect(from.pieces.map(({ length }) => length - 9)).toEqual([
    PIECE_BYTES_MAX,
    PIECE_BYTES_MAX,
    PIECE_BYTES_MAX,
    2_000_013 - 3 * PIECE_BYTES_MAX,
  ]);
});
