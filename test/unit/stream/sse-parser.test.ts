import { expect, test } from 'vitest';
import { SseParser } from '../../../runtime/stream/sse-parser.ts';
import { contentsOf, eventsOf, waysToCut } from './pieces.ts';

type Row = [data: string, type?: string, id?: string];

/** The first nine are examples and rules of the standard: WHATWG HTML, server-sent events, "parsing" and "interpreting an event stream". */
const BODIES: [what: string, body: string, events: Row[]][] = [
  [
    'three messages of data alone',
    'data: This is the first message.\n\ndata: This is the second message, it\ndata: has two lines.\n\ndata: third\n\n',
    [['This is the first message.'], ['This is the second message, it\nhas two lines.'], ['third']],
  ],
  [
    'events with names',
    'event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n',
    [
      ['73857293', 'add'],
      ['2153', 'remove'],
    ],
  ],
  ['stocks', 'data: YHOO\ndata: +2\ndata: 10\n\n', [['YHOO\n+2\n10']]],
  [
    'a comment, ids, an empty id, one blank that is dropped',
    ': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n',
    [['first event', 'message', '1'], ['second event', 'message', ''], [' third event']],
  ],
  ['two events, of which the last has no empty line', 'data\n\ndata\ndata\n\ndata:', [[''], ['\n']]],
  ['the same event twice', 'data:test\n\ndata: test\n\n', [['test'], ['test']]],
  ['an event without data is none, and its name is forgotten', 'event: x\n\ndata: y\n\n', [['y']]],
  [
    'an id stays until the next, one with NUL is passed over',
    'id: 7\ndata: a\n\nid: 8\u0000\ndata: b\n\n',
    [
      ['a', 'message', '7'],
      ['b', 'message', '7'],
    ],
  ],
  ['unknown fields and retry', 'retry: 10\nfoo: bar\nDATA: no\ndata: a\n\n', [['a']]],
  ['ends of lines of all three kinds', 'data: a\r\n\r\ndata: b\r\rdata: c\n\ndata: d\r\ndata: e\r\n\n', [['a'], ['b'], ['c'], ['d\ne']]],
  ['a byte order mark at the beginning alone', '\uFEFFdata: a\n\n\uFEFFdata: b\n\ndata: c\n\n', [['a'], ['c']]],
  ['characters of two to four bytes', 'data: ä€😀\n\nevent: größe\ndata: \u2028\u0085\n\n', [['ä€😀'], ['\u2028\u0085', 'größe']]],
  ['comments between and within events', ':\n\n: ping\n\ndata: a\n: ping\ndata: b\n\n', [['a\nb']]],
  ['nothing but empty lines', '\n\r\r\n\n', []],
];

const parser = (onEvent: ConstructorParameters<typeof SseParser>[0]) => new SseParser(onEvent, 10_000);

test.each(BODIES)('SSE: %s, the same however it is cut', (_, body, rows) => {
  const bytes = Buffer.from(body);
  const whole = contentsOf(eventsOf(parser, bytes));
  expect(whole.events.map(({ data, type, id }) => [data, type, id])).toEqual(
    rows.map(([data, type = 'message', id]) => [data, type, id ?? expect.anything()]),
  );
  for (const cuts of waysToCut(bytes.length)) expect(contentsOf(eventsOf(parser, bytes, cuts))).toEqual(whole);
});

test('an event goes out with the read that ends its empty line: nothing waits for an LF that may follow a CR', () => {
  const body = Buffer.from('data: a\r\r\n\ndata: b\n\n');
  const { events } = eventsOf(parser, body, [9, 10, 11, body.length - 1]);
  expect(events.map(({ data, atUs }) => [data, atUs])).toEqual([
    ['a', 1_000],
    ['b', 5_000],
  ]);
});

test('an event of more bytes than it may have is a fault that names the limit, in one line or in many', () => {
  const small = (onEvent: ConstructorParameters<typeof SseParser>[0]) => new SseParser(onEvent, 20);
  for (const body of [`data: a\n\ndata: ${'b'.repeat(30)}\n\n`, `data: a\n\n${'data: b\n'.repeat(5)}\n`, `data: a\n\n${'b'.repeat(30)}`])
    for (const cuts of waysToCut(body.length)) {
      const { events, fault } = eventsOf(small, Buffer.from(body), cuts);
      expect([events.length, fault]).toEqual([1, 'an event of the stream is larger than 20 bytes (maxEventBytes of the request)']);
    }
  expect(eventsOf(small, Buffer.from(`${': a comment\n'.repeat(9)}data: a\n\n`))).toMatchObject({ events: [{ data: 'a' }], fault: '' });
});
