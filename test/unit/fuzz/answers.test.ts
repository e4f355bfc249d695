import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HttpOutcome } from '../../../runtime/core/records.ts';
import { AnswerReader } from '../../../runtime/net/http1/answer-reader.ts';
import { printTable } from '../../support/print-table.ts';
import { CHUNKED } from '../net/http1/cases/chunked.ts';
import { FRAMING } from '../net/http1/cases/framing.ts';
import { HEADS } from '../net/http1/cases/heads.ts';
import type { WireCase } from '../net/http1/cases/wire-case.ts';
import { ask, rawServer, vuFor } from '../net/servers.ts';
import { FUZZ_RUNS } from './bad-input.ts';

const ROWS: readonly (readonly [name: string, cases: readonly WireCase[]])[] = [
  ['lengths', FRAMING],
  ['chunks', CHUNKED],
  ['heads', HEADS],
];
const HEAD_BYTES_MAX = 4096;
const GROWTH_MB_MAX = 32;
const ANSWER_BYTES_MAX = 8192;
const TIMEOUT_US = 60_000_000;
const EXPECTED: readonly HttpOutcome['kind'][] = ['response', 'bad-response', 'reset'];

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What a parser stumbles over. */
const ODD = [
  '\r',
  '\n',
  '\r\n',
  '\r\n\r\n',
  '\0',
  ':',
  ' ',
  '\t',
  ';',
  ',',
  '0',
  'f',
  '\xff',
  '\x7f',
  'HTTP/1.1 ',
  '0\r\n\r\n',
  'content-length: ',
  '-1',
  '99999999999999999',
  'chunked',
];

/** A place anywhere: fast-check would mostly draw the ends. */
const SHARE = fc.noBias(fc.nat({ max: 999_999 })).map((parts) => parts / 1_000_000);

/** An answer of these cases in which up to 6 places were changed: bytes replaced, left out, put in, said twice, or those of another answer. */
function mutatedAnswer(cases: readonly WireCase[]): fc.Arbitrary<Buffer> {
  const base = fc.constantFrom(...cases).map(({ answer }) => answer.slice(0, ANSWER_BYTES_MAX));
  const change = fc.record({
    how: fc.constantFrom('replace', 'drop', 'insert', 'twice', 'splice'),
    at: SHARE,
    length: fc.nat({ max: 12 }),
    odd: fc.oneof(
      fc.constantFrom(...ODD),
      fc.nat({ max: 255 }).map((code) => String.fromCharCode(code)),
    ),
    other: base,
  });
  return fc.tuple(base, fc.array(change, { minLength: 1, maxLength: 6 })).map(([answer, changes]) => {
    let text = answer;
    for (const { how, at, length, odd, other } of changes) {
      const from = Math.floor(at * text.length);
      const [before, cut, after] = [text.slice(0, from), text.slice(from, from + length), text.slice(from + length)];
      if (how === 'replace') text = before + odd + after;
      else if (how === 'drop') text = before + after;
      else if (how === 'insert') text = before + odd + cut + after;
      else if (how === 'twice') text = before + cut + cut + after;
      else text = before + other.slice(Math.floor(at * other.length));
    }
    return Buffer.from(text, 'latin1');
  });
}

interface Reading {
  readonly part: string;
  readonly fault: string;
  readonly status: number;
  readonly body: string;
  readonly missing: string | undefined;
}

function read(pieces: readonly Buffer[]): Reading {
  let [status, body] = [0, ''];
  const reader = new AnswerReader(
    {
      onInterim: () => {},
      onHead: (head) => {
        status = head.status;
        head.pairs();
      },
      onBody: (bytes, from, to) => {
        body += bytes.toString('latin1', from, to);
      },
    },
    HEAD_BYTES_MAX,
  );
  reader.begin('GET');
  for (const piece of pieces) reader.read(piece, 0, piece.length);
  const { part, fault } = reader;
  return { part, fault, status, body, missing: part === 'bad' ? '' : reader.end() };
}

test.each(ROWS)(
  `${FUZZ_RUNS} mutated answers of the cases about %s are read, or refused with one line, however they are split`,
  (name, cases) => {
    const ends = new Map<string, number>();
    const cuts = fc.array(SHARE, { maxLength: 6 });
    fc.assert(
      fc.property(mutatedAnswer(cases), cuts, (bytes, drawn) => {
        const whole = read([bytes]);
        expect(whole.fault).toMatch(whole.part === 'bad' ? /^[^\n]{10,160}$/ : /^$/);
        const places = [0, ...drawn.map((share) => Math.floor(share * bytes.length)), bytes.length].sort((a, b) => a - b);
        expect(read(places.slice(1).map((place, i) => bytes.subarray(places[i], place)))).toEqual(whole);
        const end = whole.part === 'bad' ? whole.fault : (whole.missing ?? 'whole').replaceAll(/\d+/g, '#');
        ends.set(end, (ends.get(end) ?? 0) + 1);
      }),
      { numRuns: FUZZ_RUNS },
    );
    printTable(
      `Mutated answers: ${name}`,
      [...ends].sort(([, a], [, b]) => b - a).map(([end, count]) => [end, count]),
    );
    expect(ends.size).toBeGreaterThan(5);
  },
);

test.each(ROWS)(
  `${FUZZ_RUNS} mutated answers of the cases about %s on a socket are each an outcome of a kind, without growth`,
  async (_, cases) => {
    const answers = fc.sample(mutatedAnswer(cases), FUZZ_RUNS);
    let next = 0;
    const { base } = await rawServer((socket) => {
      socket.once('data', () => {
        socket.end(answers[next++ % answers.length] ?? '');
      });
    });
    const vu = vuFor(base, { httpClient: 'own', headerBytesMax: HEAD_BYTES_MAX });
    const kinds = new Map<HttpOutcome['kind'], number>();
    const odd: string[] = [];
    let halfBytes = 0;
    for (let i = 0; i < FUZZ_RUNS; i += 5) {
      vu.resetCookies(); // one of a mutated answer may be none that can be sent
      const outcomes = await Promise.all([1, 2, 3, 4, 5].map(() => ask(vu, base, { timeoutUs: TIMEOUT_US })));
      for (const { kind, error } of outcomes) {
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
        if (!EXPECTED.includes(kind)) odd.push(error);
      }
      if (i === Math.floor(FUZZ_RUNS / 10) * 5) halfBytes = heldBytes();
    }
    expect(odd).toEqual([]);
    expect(kinds.size).toBe(EXPECTED.length);
    expect((heldBytes() - halfBytes) / 2 ** 20).toBeLessThan(GROWTH_MB_MAX);
  },
  600_000,
);

function heldBytes(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
