import { expect, test } from 'vitest';
import { ChunkParser } from '../../../runtime/stream/chunk-parser.ts';
import type { OnEvent } from '../../../runtime/stream/event-parser.ts';
import { JsonLinesParser } from '../../../runtime/stream/json-lines-parser.ts';
import { MultipartParser } from '../../../runtime/stream/multipart-parser.ts';
import { contentsOf, eventsOf, waysToCut } from './pieces.ts';

const lines = (onEvent: OnEvent) => new JsonLinesParser(onEvent, 1_000);
const parts = (onEvent: OnEvent) => new MultipartParser(onEvent, 1_000, 'frame');

test('JSON lines: LF or CRLF, empty lines are none, the last needs no end, characters are whole; however it is cut', () => {
  const body = Buffer.from('{"a":1}\r\n\n"ä😀"\n  \n[1,\t2]\n3');
  const whole = contentsOf(eventsOf(lines, body));
  expect(whole).toMatchObject({ events: [{ data: '{"a":1}' }, { data: '"ä😀"' }, { data: '[1,\t2]' }, { data: '3' }], fault: '' });
  for (const cuts of waysToCut(body.length)) expect(contentsOf(eventsOf(lines, body, cuts))).toEqual(whole);
});

test('JSON lines: a line that is no JSON is a fault that shows it, and so is a last one that was cut', () => {
  for (const body of ['{"a":1}\n{"b":\n{"c":1}\n', '{"a":1}\n{"b":'])
    for (const cuts of waysToCut(body.length)) {
      const { events, fault } = eventsOf(lines, Buffer.from(body), cuts);
      expect([events.length, fault]).toEqual([1, 'expected a JSON value in each line of the stream; got "{\\"b\\":"']);
    }
});

test('chunks: an event a piece; the bytes of a character that is cut count where they came, and it is in the later text', () => {
  const body = Buffer.from('aä😀b');
  for (const cuts of waysToCut(body.length)) {
    const { events } = eventsOf((onEvent) => new ChunkParser(onEvent), body, cuts);
    expect(events.map(({ data }) => data).join('')).toBe('aä😀b');
    expect(events.map(({ bytes }) => bytes)).toEqual([...cuts, body.length].map((to, i, ends) => to - (ends[i - 1] ?? 0)));
  }
});

const JPEG = '\xff\xd8 --fra \r\n-- \r\n--frame of it \xff\xd9';
const counted = (delimiter: string, text: string): string =>
  `${delimiter}\r\nContent-Type: image/jpeg\r\nContent-Length: ${text.length}\r\n\r\n${text}\r\n`;
const open = (delimiter: string, text: string): string => `${delimiter}\r\ncontent-type: image/jpeg\r\n\r\n${text}\r\n`;

const STREAMS: [what: string, body: string, sizes: number[]][] = [
  ['parts with a length', counted('--frame', JPEG) + counted('--frame', 'x') + counted('--frame', ''), [JPEG.length, 1, 0]],
  [
    'parts without one, of which the next delimiter tells the end',
    `${open('--frame', JPEG)}${open('--frame', 'x')}--frame--\r\n`,
    [JPEG.length, 1],
  ],
  ['a length and none in turn', `${counted('--frame', 'abc')}${open('--frame', 'defg')}${counted('--frame', 'h')}`, [3, 4, 1]],
  [
    'a preamble, and what follows the last delimiter',
    `hello\r\nframe of it\r\n\r\n${counted('--frame', 'abc')}--frame--\r\n${counted('--frame', 'no')}`,
    [3],
  ],
  ['a delimiter with four dashes', counted('----frame', 'abc') + counted('----frame', 'de'), [3, 2]],
  ['a delimiter without dashes', counted('frame', 'abc') + open('frame', 'de') + counted('frame', 'f'), [3, 2, 1]],
  ['line ends of LF alone', (open('--frame', 'abc') + open('--frame', 'de') + counted('--frame', 'f')).replaceAll('\r', ''), [3, 2, 1]],
  ['bodies that end in line ends of their own', `${open('--frame', 'a\r\n\r\n')}--frame--`, [5]],
  ['an empty part', `${open('--frame', '')}${open('--frame', 'a')}--frame--\r\n`, [0, 1]],
];

test.each(STREAMS)('multipart: %s, the same however it is cut', (_, body, sizes) => {
  const bytes = Buffer.from(body, 'latin1');
  const whole = contentsOf(eventsOf(parts, bytes));
  expect(whole).toEqual({ events: sizes.map((size) => ({ data: '', type: 'image/jpeg', id: '', bytes: size })), fault: '' });
  for (const cuts of waysToCut(bytes.length)) expect(contentsOf(eventsOf(parts, bytes, cuts))).toEqual(whole);
});

test('multipart: what is text is there for the script', () => {
  const body =
    '--frame\r\nContent-Type: application/json; charset=utf-8\r\n\r\n{"a":"ä"}\r\n--frame\r\ncontent-length: 3\r\n\r\nabc\r\n--frame--';
  const { events } = eventsOf(parts, Buffer.from(body));
  expect(events.map(({ data }) => data)).toEqual(['{"a":"ä"}', 'abc']);
});

test('multipart: a part with a length is dated by its last byte, one without by its own, not by the delimiter that ends it', () => {
  const [first, second] = [counted('--frame', 'abc'), open('--frame', 'defg')];
  const body = Buffer.from(`${first}${second}--frame\r\n`);
  const lastOf = (text: string): number => text.lastIndexOf('\r\n');
  const cuts = [lastOf(first), first.length, first.length + lastOf(second) - 1, first.length + lastOf(second)];
  const { events } = eventsOf(parts, body, cuts);
  expect(events.map(({ bytes, atUs }) => [bytes, atUs])).toEqual([
    [3, 1_000],
    [4, 4_000],
  ]);
});

const FAULTS: [what: string, body: string, fault: string][] = [
  [
    'a part that is longer than it says',
    '--frame\r\ncontent-length: 2\r\n\r\nabc\r\n--frame\r\n',
    'expected the boundary "--frame" after a part of 2 bytes (its content-length); got "c"',
  ],
  ['a length that is none', '--frame\r\ncontent-length: -2\r\n\r\n', 'expected a number as content-length of a part; got "-2"'],
  [
    'a part with a length that is cut',
    '--frame\r\ncontent-length: 5\r\n\r\nabc',
    'the stream ended within a part: the server did not send it whole',
  ],
  [
    'a part that is too large by its length',
    '--frame\r\ncontent-length: 1001\r\n\r\n',
    'an event of the stream is larger than 1000 bytes (maxEventBytes of the request)',
  ],
  [
    'a part that is too large without one',
    `--frame\r\n\r\n${'x'.repeat(1_100)}`,
    'an event of the stream is larger than 1000 bytes (maxEventBytes of the request)',
  ],
];

test.each(FAULTS)('multipart: %s is a fault, however it is cut', (_, body, fault) => {
  for (const cuts of waysToCut(Math.min(body.length, 80))) expect(eventsOf(parts, Buffer.from(body), cuts).fault).toBe(fault);
});

test('multipart: a body without any delimiter is a fault after 64 KiB, not a part that grows', () => {
  const { events, fault } = eventsOf(parts, Buffer.alloc(70_000, 'x\n'), [30_000, 60_000, 66_000]);
  expect([events, fault]).toEqual([[], 'more than 65536 bytes came without a part of the boundary "frame"']);
});
