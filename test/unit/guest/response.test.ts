import { expect, test } from 'vitest';
import type { BoxAnswer } from '../../support/box-answers.ts';
import { openBox } from '../../support/script-box.ts';

/** What an expression over `res` gives for an answer. */
async function read<T = unknown>(answer: BoxAnswer, expression: string): Promise<T> {
  const script = `import { http } from 'stressrun'; export default async () => { const res = await http.get('/x?y=1'); return ${expression}; };`;
  const box = await openBox(script, { answer: () => answer });
  return box.value<T>();
}

const SMALL = { predictions: [{ class: 'red circle', box: [1, 2, 3, 4] }], 'odd.key': { a: null }, note: 'é' };
/** Too long to travel with its record: it is read by its handle. */
const LARGE = { ...SMALL, image: 'A'.repeat(5_000) };

test('an answer tells status, ok, url, protocol and lower-case headers, several values joined', async () => {
  const answer = { status: 201, headers: ['Content-Type', 'text/plain', 'X-A', '1', 'x-a', '2'], body: 'hi' };
  expect(await read(answer, '[res.status, res.ok, res.url, res.protocol, res.headers, res.bodyLength, res.error, res.errorCode]')).toEqual([
    201,
    true,
    'http://target/x?y=1',
    'HTTP/1.1',
    { 'content-type': 'text/plain', 'x-a': '1, 2' },
    2,
    '',
    0,
  ]);
});

test('several set-cookie are a list, and cookies by name; a header is kept apart where joining is wrong', async () => {
  const headers = [
    'Set-Cookie',
    'csrftoken=a=b; expires=Wed, 21 Oct 2037 07:28:00 GMT; path=/',
    'set-cookie',
    'sid = 1,2 ; path=/; samesite=lax',
    'set-cookie',
    'csrftoken=later',
    'WWW-Authenticate',
    'Basic realm="a, b"',
    'www-authenticate',
    'Bearer',
  ];
  expect(
    await read(
      { headers },
      "[res.headerValues('Set-Cookie').length, res.headerValues('WWW-authenticate'), res.headerValues('none'), res.cookies]",
    ),
  ).toEqual([3, ['Basic realm="a, b"', 'Bearer'], [], { csrftoken: 'later', sid: '1,2' }]);
});

test('a failed request is an answer with status 0, its code and its reason', async () => {
  const answer = { status: 0, errorCode: 1212, error: 'connection refused' };
  expect(await read(answer, '[res.status, res.ok, res.errorCode, res.error, res.text(), res.json() === undefined]')).toEqual([
    0,
    false,
    1212,
    'connection refused',
    '',
    true,
  ]);
});

test('timings are milliseconds, and duration is sending + waiting + receiving', async () => {
  const answer = { phasesUs: [1_000, 2_000, 3_000, 4_500, 5_000, 6_000] };
  expect(await read(answer, 'res.timings')).toEqual({
    blocked: 1,
    connecting: 2,
    tls: 3,
    sending: 4.5,
    waiting: 5,
    receiving: 6,
    duration: 15.5,
  });
});

test('serverTimings are what the host read of the answer, in milliseconds', async () => {
  const answer: BoxAnswer = {
    serverTimings: [
      ['queue', 1_500],
      ['infer', 20_000],
    ],
  };
  expect(await read(answer, 'res.serverTimings')).toEqual({ queue: 1.5, infer: 20 });
});

test.each([
  ['inline, for a body of 78 bytes', SMALL],
  ['by its handle, for one of 5 KB', LARGE],
])('json() and json(path) read an answer %s', async (_, body) => {
  const paths = [
    'res.json().note',
    "res.json('predictions').length",
    "res.json('predictions.0.class')",
    "res.json('predictions[0].box[2]')",
    "res.json('predictions.#')",
    'res.json(\'["odd.key"].a\')',
    "res.json('nothing.there') === undefined",
    "res.json('note')",
  ];
  expect(await read({ body: JSON.stringify(body) }, `[${paths.join(', ')}]`)).toEqual(['é', 1, 'red circle', 3, 1, null, true, 'é']);
});

test('text() gives the body whole, 3 bytes or 300 KB', async () => {
  expect(await read({ body: 'a€' }, 'res.text()')).toBe('a€');
  expect(await read({ body: '€'.repeat(100_000) }, 'res.text().length')).toBe(100_000);
});

test('an empty body is no JSON and no error', async () => {
  expect(await read({ body: '' }, "[res.json() === undefined, res.json('a') === undefined, res.text()]")).toEqual([true, true, '']);
});

test.each([
  ['json()', 'short', 'the answer (status 200) is not JSON: '],
  ["json('a')", 'short', 'the answer (status 200) is not JSON: '],
  ['json()', `<html>${'x'.repeat(5_000)}`, 'it begins: <html>xxx'],
  ["json('a')", `<html>${'x'.repeat(5_000)}`, 'the answer is not JSON'],
])('%s of a body that is none is a SyntaxError that says how it begins', async (call, body, message) => {
  await expect(read({ body }, `res.${call}`)).rejects.toThrow(message);
});

test.each(['text()', 'json()', "json('a')", 'headers', 'timings', 'url'])(
  'res.%s of an answer that was kept beyond its iteration says that it is gone',
  async (member) => {
    const script = `import { http } from 'stressrun'; let kept;
      export default async () => { kept = await http.get('/'); };
      export const later = () => kept.${member};`;
    const box = await openBox(script, { answer: () => ({ body: JSON.stringify(LARGE) }) });
    await box.instantiate(0);
    await box.iterate(0, 0);
    await expect(box.value(0, 'later')).rejects.toThrow('GoneError: the answer is gone');
  },
);

test('the status of an answer and its inline body stay readable', async () => {
  const script = `import { http } from 'stressrun'; let kept;
    export default async () => { kept = await http.get('/'); };
    export const later = () => [kept.status, kept.ok, kept.text()];`;
  const box = await openBox(script, { answer: () => ({ body: 'small' }) });
  await box.instantiate(0);
  await box.iterate(0, 0);
  expect(await box.value(0, 'later')).toEqual([200, true, 'small']);
});

test('inspecting is for responses of the script; an empty body has no picture', async () => {
  const script = `import { http, image } from 'stressrun';
    export default async () => [await image.inspect(await http.get('/empty')), await image.inspect(await http.get('/full'), 'a.b')];
    export const wrong = () => image.inspect({ bodyLength: 1 });`;
  const box = await openBox(script, { answer: ({ url }) => ({ body: url === '/full' ? 'x' : '' }) });
  expect(await box.value()).toEqual([
    { ok: false, reason: 'the answer has no body' },
    { ok: false, reason: 'inspected 1 byte at "a.b"' },
  ]);
  await expect(box.value(0, 'wrong')).rejects.toThrow('image.inspect: expected a response of this script');
});
