import { expect, onTestFinished, test, vi } from 'vitest';
import { JsonBody } from '../../../runtime/worker/json-body.ts';

const body = (text: string) => new JsonBody(Buffer.from(text));
const LONG = 'QUJD'.repeat(5_000);

test('a value beside a string of 20,000 characters is read, and so is the string', () => {
  const json = body(JSON.stringify({ status: 'ok', image: LONG, boxes: [[1, 2], [3]] }));
  expect(json.jsonAt('status')).toBe('"ok"');
  expect(json.jsonAt('boxes.#')).toBe('2');
  expect(json.jsonAt('nothing')).toBe('');
  expect(json.jsonAt('image')).toBe(JSON.stringify(LONG));
  expect(JSON.parse(json.jsonAt(''))).toEqual({ status: 'ok', image: LONG, boxes: [[1, 2], [3]] });
});

test('of a body with a string of 20,000 characters a value beside it is read without the string', () => {
  const parse = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parse.mockRestore());
  const json = body(JSON.stringify({ status: 'ok', image: LONG, n: 1 }));
  expect([json.jsonAt('status'), json.jsonAt('n')]).toEqual(['"ok"', '1']);
  expect(parse.mock.calls.map(([text]) => text.length < 100)).toEqual([true]);
});

test('a parent of a long string comes whole, and so does a key of 20,000 characters', () => {
  const value = { a: { image: LONG, n: 1 }, [LONG]: 7 };
  const json = body(JSON.stringify(value));
  expect(JSON.parse(json.jsonAt('a'))).toEqual(value.a);
  expect(json.jsonAt(LONG)).toBe('7');
  expect(json.jsonAt('a.n')).toBe('1');
});

test.each([
  ['escapes at its end', `${LONG}\\`],
  ['a quote in it', `${LONG}", "status": "evil${LONG}`],
  ['letters of two to four bytes', `${'é☃🎉'.repeat(3_000)}${LONG}`],
  ['line breaks', `${LONG}\n${LONG}\t`],
  ['text before a quote, which looks like a string', `x" : ${LONG}`],
])('a long string with %s is not mistaken', (_, image) => {
  for (let shift = 0; shift < 4; shift++) {
    const value = { pad: 'x'.repeat(shift), image, status: 'ok', again: image };
    const json = body(JSON.stringify(value));
    expect(json.jsonAt('status')).toBe('"ok"');
    expect(JSON.parse(json.jsonAt('again'))).toBe(image);
    expect(JSON.parse(json.jsonAt(''))).toEqual(value);
  }
});

test('20,000 numbers between two strings are not taken for a string', () => {
  const value = { first: 'a', numbers: Array.from({ length: 20_000 }, (_, i) => i), last: 'b' };
  const json = body(JSON.stringify(value));
  expect(json.jsonAt('last')).toBe('"b"');
  expect(json.jsonAt('numbers.length')).toBe('20000');
  expect(json.jsonAt('numbers.19999')).toBe('19999');
});

test.each([
  ['a control character in a long string', `{"status":"ok","image":"${LONG}\u0001${LONG}"}`],
  ['a long string that does not end', `{"status":"ok","image":"${LONG}`],
  ['two long strings side by side', `{"status":"ok","image":"${LONG}""${LONG}"}`],
  ['a bad escape in a long string', `{"status":"ok","image":"${LONG}\\x"}`],
  ['nothing but a long text', LONG],
])('%s is a SyntaxError, whatever is asked for', (_, text) => {
  for (let shift = 0; shift < 4; shift++) expect(() => body(' '.repeat(shift) + text).jsonAt('status')).toThrow(SyntaxError);
});

test('no body at all is a SyntaxError', () => {
  expect(() => new JsonBody(undefined).jsonAt('a')).toThrow(SyntaxError);
});
