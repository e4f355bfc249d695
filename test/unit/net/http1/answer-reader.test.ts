import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AnswerReader } from '../../../../runtime/net/http1/answer-reader.ts';
import { ALL_CASES } from './cases/all.ts';
import type { WireCase } from './cases/wire-case.ts';

const HEAD_BYTES_MAX = 65_536;
/** Answers up to this are split at every place; longer ones at places drawn. */
const SPLIT_BYTES_MAX = 400;

/** All that a reader says of bytes that come in these pieces. */
function read(each: WireCase, pieces: readonly Buffer[]): Record<string, unknown> {
  const said = { interim: [] as number[], status: 0, headers: [] as string[], body: '', rest: 0 };
  const reader = new AnswerReader(
    {
      onInterim: (status) => said.interim.push(status),
      onHead: (head) => {
        said.status = head.status;
        said.headers = head.pairs();
      },
      onBody: (bytes, from, to) => {
        said.body += bytes.toString('latin1', from, to);
      },
    },
    HEAD_BYTES_MAX,
  );
  reader.begin(each.method);
  for (const piece of pieces) {
    // as a socket does: one buffer that is read into again, with the bytes of the last read behind
    const shared = Buffer.alloc(piece.length + 40, '\n');
    piece.copy(shared);
    said.rest += piece.length - reader.read(shared, 0, piece.length);
    shared.fill(0xff);
  }
  const { part, fault, keepsAlive } = reader;
  // what came behind a fault is of no interest: how much of it was looked at depends on the pieces
  return {
    ...said,
    part,
    fault,
    keepsAlive: part === 'whole' && keepsAlive,
    missing: part === 'bad' ? '' : reader.end(),
    rest: part === 'bad' ? 0 : said.rest,
  };
}

test.each(ALL_CASES.filter(({ answer }) => answer.length <= SPLIT_BYTES_MAX))(
  '$name is the same, split at every place in two and byte by byte',
  (each) => {
    const bytes = Buffer.from(each.answer, 'latin1');
    const whole = read(each, [bytes]);
    for (let at = 1; at < bytes.length; at++)
      expect(read(each, [bytes.subarray(0, at), bytes.subarray(at)]), `split at ${at}`).toEqual(whole);
    expect(
      read(
        each,
        [...bytes].map((byte) => Buffer.from([byte])),
      ),
    ).toEqual(whole);
  },
);

test('cases of any length are the same in 2 to 20 pieces', () => {
  const places = fc.array(fc.nat({ max: 999_999 }), { minLength: 1, maxLength: 19 });
  fc.assert(
    fc.property(fc.constantFrom(...ALL_CASES), places, (each, drawn) => {
      const bytes = Buffer.from(each.answer, 'latin1');
      const cuts = [...new Set([0, ...drawn.map((place) => Math.floor((place / 1_000_000) * bytes.length)), bytes.length])].sort(
        (a, b) => a - b,
      );
      const pieces = cuts.slice(1).map((cut, i) => bytes.subarray(cuts[i], cut));
      expect(read(each, pieces)).toEqual(read(each, [bytes]));
    }),
    { numRuns: 500 },
  );
});

test('a second answer with the same head is read as the first, one with another head as what it is, and neither keeps the first one alive', () => {
  const statuses: number[] = [];
  const reader = new AnswerReader({ onInterim: () => {}, onHead: ({ status }) => statuses.push(status), onBody: () => {} }, HEAD_BYTES_MAX);
  const answers = ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok', 'HTTP/1.1 201 OK\r\ncontent-length: 2\r\n\r\nok'];
  const heads = [0, 0, 1, 1, 0].map((i) => {
    reader.begin('GET');
    const bytes = Buffer.from(answers[i] as string);
    expect(reader.read(bytes, 0, bytes.length)).toBe(bytes.length);
    expect(reader.part).toBe('whole');
    return reader.head;
  });
  expect(statuses).toEqual([200, 200, 201, 201, 200]);
  expect([heads[1] === heads[0], heads[2] === heads[1], heads[3] === heads[2], heads[4] === heads[0]]).toEqual([true, false, true, false]);
});

test('headers are read from the bytes: first, values and pairs, folded lines as one, in any case, as UTF-8', () => {
  const lines = ['Set-Cookie: a=1', 'X-Long: one', '  two', 'set-cookie: b=2', 'X-Name: Jürgen', 'X-Empty:', 'Content-Length: 0'];
  const bytes = Buffer.from(`HTTP/1.1 200 OK\r\n${lines.join('\r\n')}\r\n\r\n`);
  const reader = new AnswerReader({ onInterim: () => {}, onHead: () => {}, onBody: () => {} }, HEAD_BYTES_MAX);
  reader.begin('GET');
  reader.read(bytes, 0, bytes.length);
  const head = reader.head;
  expect(head?.values('set-cookie').map(String)).toEqual(['a=1', 'b=2']);
  expect([head?.first('x-long')?.toString(), head?.first('x-name')?.toString(), head?.first('x-none')]).toEqual([
    'one two',
    'Jürgen',
    undefined,
  ]);
  expect(head?.pairs().slice(2, 4)).toEqual(['x-long', 'one two']);
  expect(head?.pairs().slice(-4)).toEqual(['x-empty', '', 'content-length', '0']);
});
