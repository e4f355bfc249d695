import { expect, test } from 'vitest';
import { uniformOf } from '../../../runtime/core/random.ts';
import type { EventParser, OnEvent } from '../../../runtime/stream/event-parser.ts';
import { JsonLinesParser } from '../../../runtime/stream/json-lines-parser.ts';
import { MultipartParser } from '../../../runtime/stream/multipart-parser.ts';
import { SseParser } from '../../../runtime/stream/sse-parser.ts';
import { StreamFault } from '../../../runtime/stream/stream-fault.ts';
import { ChatTokens, ResponseTokens } from '../../../runtime/stream/token-reader.ts';
import { contentsOf, eventsOf } from '../stream/pieces.ts';

const SEED = 17;
const TIMES = 3_000;
const BYTES_MAX = 200;
const PARSERS: [string, (onEvent: OnEvent) => EventParser, string][] = [
  ['SSE', (onEvent) => new SseParser(onEvent, BYTES_MAX), '\uFEFFevent: a\r\ndata: ä😀\r\n\r\n: c\nid: 1\ndata\ndata: b\n\ndata: c\r\r'],
  ['JSON lines', (onEvent) => new JsonLinesParser(onEvent, BYTES_MAX), '{"a":[1,{"b":"ä"}]}\r\n\n"x"\n[]\n1'],
  [
    'multipart',
    (onEvent) => new MultipartParser(onEvent, BYTES_MAX, 'frame'),
    'x\r\n--frame\r\ncontent-length: 3\r\n\r\nabc\r\n--frame\r\ncontent-type: text/plain\r\n\r\nde\r\n--frame--\r\n',
  ],
];

/** A body with some bytes changed, taken out or put in twice. */
function mutated(text: string, turn: number): Buffer {
  const pick = (below: number, ...which: number[]): number => Math.floor(uniformOf(SEED, turn, ...which) * below);
  let bytes: Buffer = Buffer.from(text);
  for (let i = 0; i <= pick(4, 0); i++) {
    const at = pick(bytes.length, 1, i);
    const kind = pick(3, 2, i);
    if (kind === 0) bytes[at] = pick(256, 3, i);
    else if (kind === 1) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + pick(6, 4, i))]);
    else bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(Math.max(0, at - pick(20, 4, i)))]);
  }
  return bytes;
}

test.each(PARSERS)(
  `%s: ${TIMES} damaged bodies give the same events and the same fault in one piece, byte by byte and cut anywhere, none larger than allowed`,
  (_, make, text) => {
    for (let turn = 0; turn < TIMES; turn++) {
      const body = mutated(text, turn);
      const whole = contentsOf(eventsOf(make, body));
      const everywhere = Array.from({ length: Math.max(0, body.length - 1) }, (__, i) => i + 1);
      const some = everywhere.filter((at) => uniformOf(SEED, turn, 9, at) < 0.1);
      for (const cuts of [everywhere, some])
        expect(contentsOf(eventsOf(make, body, cuts)), `turn ${turn}: ${JSON.stringify(String(body))}`).toEqual(whole);
      expect(whole.events.every(({ bytes }) => bytes <= BYTES_MAX)).toBe(true);
    }
  },
);

test(`${TIMES} events of any JSON, and of none, end in tokens or in a fault, never in another error`, () => {
  const texts = [
    '{"choices":[{"delta":{"content":"a","tool_calls":[{"function":{"arguments":"b"}}]},"finish_reason":null}],"usage":{"completion_tokens":7}}',
    '{"type":"response.completed","delta":"a","error":{"message":"b"},"response":{"error":null,"usage":{"output_tokens":1}}}',
  ];
  for (let turn = 0; turn < TIMES; turn++) {
    const text = String(mutated(texts[turn % 2] as string, turn)).replace(/:(?:"[ab]"|null|7|1)/g, (value) =>
      turn % 5 === 0 ? ':[null,{},3]' : value,
    );
    for (const reader of [new ChatTokens(), new ResponseTokens()]) {
      try {
        expect(typeof reader.read(text).text).toBe('string');
      } catch (error) {
        expect(error, text).toBeInstanceOf(StreamFault);
      }
    }
  }
});
