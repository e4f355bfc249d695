import { expect, test } from 'vitest';
import type { BoxRequest } from '../../support/box-answers.ts';
import { openBox, valueInBox } from '../../support/script-box.ts';

/** The one request that an expression makes, as it leaves the sandbox. */
async function requestOf(expression: string): Promise<BoxRequest> {
  const box = await openBox(`import { http } from 'stressrun'; export default async () => { await (${expression}); };`);
  await box.value();
  expect(box.requests).toHaveLength(1);
  return box.requests[0] as BoxRequest;
}

test.each(['get', 'head', 'post', 'put', 'patch', 'delete', 'options'])('http.%s sends its own method', async (method) => {
  const request = await requestOf(`http.${method}('/items')`);
  expect(request).toMatchObject({ method: method.toUpperCase(), url: '/items', options: undefined });
});

test('http.request sends any method, in capitals', async () => {
  expect((await requestOf("http.request('purge', '/items')")).method).toBe('PURGE');
});

test('options leave as JSON: times in µs, values as they are, undefined ones not at all', async () => {
  const { options } = await requestOf(`http.post('/items', {
    json: { a: [1, 'é'] }, query: { q: 'x y', list: [1, 2], no: null }, headers: { 'x-a': 1 }, cookies: { c: 'd' }, auth: { token: 't' },
    timeout: '500ms', redirects: 0, expect: [200, '300-399'], tags: { kind: 7 }, name: 'items', form: undefined,
  })`);
  expect(options).toEqual({
    json: '{"a":[1,"é"]}',
    query: { q: 'x y', list: [1, 2], no: null },
    headers: { 'x-a': 1 },
    cookies: { c: 'd' },
    auth: { token: 't' },
    timeout: 500_000,
    redirects: 0,
    expect: [200, '300-399'],
    tags: { kind: '7' },
    name: 'items',
  });
});

test('multipart fields leave in their order, numbers and booleans as texts', async () => {
  const { options } = await requestOf("http.post('/', { multipart: { b: 1, a: true, c: 'x' } })");
  expect(options.multipart).toEqual([
    ['b', '1'],
    ['a', 'true'],
    ['c', 'x'],
  ]);
});

test('a URL object is asked for by its href', async () => {
  expect((await requestOf("http.get(new URL('/b?c=1', 'http://other/a'))")).url).toBe('http://other/b?c=1');
});

test('http.url escapes its values and names itself by its pattern, without the query', async () => {
  const { url, options } = await requestOf(`http.get(http.url\`/items/\${'a/b c'}/of/\${7}?page=\${2}\`)`);
  expect(url).toBe('/items/a%2Fb%20c/of/7?page=2');
  expect(options.name).toBe('/items/$' + '{}/of/$' + '{}');
});

test('a name in the options wins over that of http.url', async () => {
  expect((await requestOf(`http.get(http.url\`/items/\${1}\`, { name: 'item' })`)).options.name).toBe('item');
});

test('batch takes paths, pairs, objects and named URLs, sends all 4 at once and answers in their order', async () => {
  const box = await openBox(
    `import { http } from 'stressrun';
    export default async () => {
      const list = await http.batch(['/a', ['post', '/b', { json: 1 }], { method: 'put', url: '/c' }, http.url\`/d/\${1}\`]);
      return list.map((res) => res.text());
    };`,
    { answer: ({ method, url }) => ({ body: `${method} ${url}`, afterUs: url === '/a' ? 5_000 : 1_000 }) },
  );
  expect(await box.value()).toEqual(['GET /a', 'POST /b', 'PUT /c', 'GET /d/1']);
  expect(box.time.nowUs).toBe(5_000);
});

test.each([
  [
    'http.post("/", { user: "ann", pass: "x" })',
    "allowed are json, form, multipart, body, query, headers, cookies, auth, timeout, redirects, discard, compression, expectContinue, expect, tags, name. k6's http.post(url, body, params) is",
  ],
  ["http.get('/', { foo: 1 })", 'http: unknown option "foo"; allowed are json, form, multipart, body, query'],
  ['http.get(5)', "http: expected a path or URL as text, such as '/predict'; got number"],
  ['http.get(null)', "http: expected a path or URL as text, such as '/predict'; got null"],
  ["http.get('/', 'x')", 'http: expected an object of options; got string'],
  ["http.post('/', { json: 1, body: 'x' })", 'http: one of json, form, multipart and body at most; got json and body'],
  ["http.post('/', { json: 10n })", 'http: json: Do not know how to serialize a BigInt'],
  ["http.post('/', { json: () => 1 })", 'http: json: expected a value that JSON knows; got a function'],
  [
    "http.post('/', { body: { a: 1 } })",
    'http: body: expected a text, bytes, a typed array, an answer, a picture or a pool of pictures; got object; for an object use json or form',
  ],
  [
    "http.post('/', { multipart: { a: null } })",
    'http: multipart.a: expected a text, a number, true or false, a picture, bytes, a typed array, an answer, a pool of pictures, { file, filename, type }, { json }, or a list of these; got null',
  ],
  ["http.post('/', 'x', { headers: {} })", "k6's http.post(url, body, params) is http.post(url, { body, headers, … }) here"],
  ["http.post('/', { name: 'ann' }, { headers: {} })", 'http: expected a URL and an object of options; got three arguments'],
  ["http.get('/', 'x')", "k6's http.post(url, body, params) is http.post(url, { body, headers, … }) here"],
  ["http.get('/', { params: { a: 1 } })", 'http: unknown option "params"; what is in the query is `query`'],
  ["http.post('/', { files: { a: 1 } })", 'http: unknown option "files"; files go into `multipart`'],
  ["http.get('/', { catch_response: true })", 'what decides whether a request failed is `expect`: (r) => …, or res.fail(reason)'],
  ["http.get('/', { toString: 1 })", 'http: unknown option "toString"; allowed are json, form'],
  ["http.get('/', { headers: 'x' })", 'http: headers: expected an object of names and values; got string'],
  ["http.get('/', { query: ['x'] })", 'http: query: expected an object of names and values; got an array'],
  ["http.get('/', { auth: { user: 'x' } })", 'http: auth: expected { user, password } or { token }, all of them texts, or false'],
  ["http.get('/', { timeout: -1 })", "http: timeout: expected seconds (0 or more) or a text such as '500ms'; got -1"],
  ["http.get('/', { timeout: '5' })", 'http: timeout: expected seconds (0 or more) or a text such as \'500ms\'; got "5"'],
  [
    "http.post('/', { body: 'a', expectContinue: 'soon' })",
    'http: expectContinue: expected seconds (0 or more) or a text such as \'500ms\'; got "soon"',
  ],
  [
    "http.get('/', { headers: { 'x token': 'a' } })",
    'http: headers: expected names of letters, digits and signs such as "-"; got "x token"',
  ],
  [
    "http.get('/', { headers: { 'x-token': 'abc\\n' } })",
    'http: headers.x-token: expected a value of Latin-1 without line breaks and control characters; got "\\n" at place 3 (encodeURIComponent() makes a sendable text of any)',
  ],
  [
    "http.get('/', { headers: { 'x-file-name': '猫.jpg' } })",
    'http: headers.x-file-name: expected a value of Latin-1 without line breaks and control characters; got "猫" at place 0 (encodeURIComponent() makes a sendable text of any)',
  ],
  [
    "http.post('/', { body: 'a', compression: 'lzma' })",
    "http: compression: expected 'gzip', 'deflate', 'br', 'zstd' or 'none'; got \"lzma\"",
  ],
  [
    "http.post('/', { body: 'a', compression: 'zstd' })",
    'http: compression: zstd needs Node 22.15 or newer; gzip, deflate and br are there',
  ],
  [
    "http.post('/', { body: 'a', compression: 'gzip', headers: { 'content-encoding': 'br' } })",
    'http: one of compression and headers.content-encoding at most: a body that is compressed already goes out as it is',
  ],
  ["http.get('/', { discard: 'yes' })", 'http: discard: expected true or false; got string'],
  [
    "http.get('/', { discardResponseBodies: true })",
    'http: unknown option "discardResponseBodies"; it is `discard` here: true counts the body and keeps nothing of it',
  ],
  ["http.get('/', { redirects: 1.5 })", 'http: redirects: expected a whole number, 0 or more; got 1.5'],
  [
    "http.get('/', { expect: '2xx' })",
    'http: expect: expected a status such as 404 or a range such as \'200-299\', or a function of the answer; got "2xx"',
  ],
  ["http.get('/', { tags: { ['x'.repeat(129)]: 1 } })", 'http: tags: expected names of at most 128 characters; got one of 129'],
  ['http.get("/", { tags: Object.fromEntries([...Array(51)].map((_, i) => [i, i])) })', 'http: tags: expected at most 50 tags; got 51'],
  ["http.request('GET /x', '/y')", 'http: expected a method such as \'GET\'; got "GET /x"'],
  ["http.post('/', { body: 'x'.repeat(34e6) })", 'http: the request is 34000011 characters long; at most 33554432 can leave the sandbox'],
  ["http.get('x'.repeat(34e6))", 'http: the URL is 34000000 characters long; at most 33554432 can leave the sandbox'],
])('%s is refused with what is allowed', async (expression, message) => {
  await expect(valueInBox(expression)).rejects.toThrow(message);
});

test('a request that is made again travels by its number, one of over 4,096 characters as text each time', async () => {
  const box = await openBox(`
    import { http } from 'stressrun';
    export default async () => {
      for (let i = 0; i < 3; i++) { await http.get('/same'); await http.post('/long', { body: 'x'.repeat(5_000) }); }
    };
  `);
  await box.value();
  expect(box.requests).toHaveLength(6);
  expect(box.requestKinds).toBe(1);
});

const PICTURES = {
  'image.pool:{"width":8,"height":8}': JSON.stringify({
    pool: 'p1',
    pictures: [0, 1, 2].map((i) => ({ width: 8, height: 8, format: 'jpeg', bytes: 100, objects: [], id: `i${i}` })),
  }),
};
const withPool = async (expression: string): Promise<BoxRequest[]> => {
  const box = await openBox(
    `import { http, image } from 'stressrun';
    const pool = image.pool({ width: 8, height: 8 });
    export default async () => { ${expression}; };`,
    { loaded: PICTURES },
  );
  await box.value();
  return box.requests;
};

test('a pool where a picture is meant is its next picture, in multipart and as the body: the same as pool.next() would give', async () => {
  const given = await withPool(
    "for (let i = 0; i < 4; i++) { await http.post('/', { multipart: { file: pool } }); await http.post('/', { body: pool }); }",
  );
  const asked = await withPool(
    "for (let i = 0; i < 4; i++) { await http.post('/', { multipart: { file: pool.next() } }); await http.post('/', { body: pool.next() }); }",
  );
  expect(given.map(({ options }) => options)).toEqual(asked.map(({ options }) => options));
  const [first, second] = given.map(({ options }) => options);
  expect([first.multipart[0][1].picture, second.body.picture]).toEqual([
    expect.stringMatching(/^p1\/\d$/),
    expect.stringMatching(/^p1\/\d$/),
  ]);
});

test.each([
  ['{ json: { image: pool } }', 'http: json: image: a pool of pictures cannot stand here: pool.next() is one of them'],
  ['{ form: { image: pool.next() } }', 'image: a picture cannot stand here: it can stand in json, multipart and body'],
  ['{ query: { image: pool.next().dataUrl } }', 'image: a data URL of bytes cannot stand here'],
])('http.post with %s is an error', async (options, message) => {
  await expect(withPool(`await http.post('/', ${options})`)).rejects.toThrow(message);
});

test('a picture in json leaves as its reference between the texts around it, wherever it stands, as often as it stands there', async () => {
  const [request] = await withPool(
    "await http.post('/', { json: { n: 1, images: [pool.at(1), { url: pool.at(2).dataUrl }], text: 'a.b', nested: [[pool.at(1)]] } })",
  );
  expect(request?.options.json).toEqual([
    '{"n":1,"images":["',
    ['p1/1', 'base64'],
    '",{"url":"',
    ['p1/2', 'dataUrl'],
    '"}],"text":"a.b","nested":[["',
    ['p1/1', 'base64'],
    '"]]}',
  ]);
});

test('a list in multipart is as many parts of its name, in order; files have names and types, JSON is a part', async () => {
  const [request] = await withPool(`await http.post('/', { multipart: {
    files: [pool.at(0), { file: pool.at(1), filename: 'b.jpg' }], labels: ['a', 2], meta: { json: { photo: pool.at(2) } }, note: { file: 'text', type: 'text/x' },
  } })`);
  expect(request?.options.multipart).toEqual([
    ['files', { picture: 'p1/0' }],
    ['files', { picture: 'p1/1', filename: 'b.jpg' }],
    ['labels', 'a'],
    ['labels', '2'],
    ['meta', { json: ['{"photo":"', ['p1/2', 'base64'], '"}'] }],
    ['note', { text: 'text', type: 'text/x' }],
  ]);
});

test.each([
  ["{ f: { file: pool.at(0), name: 'x' } }", 'http: multipart.f: expected { file, filename, type }; got "name"'],
  ["{ f: [1, { file: pool.at(0), type: 'a/b\\r\\nx: y' }] }", "http: multipart.f[1].type: expected a content type such as 'image/jpeg'"],
  ["{ f: { file: pool.at(0), type: 'jpeg' } }", 'http: multipart.f.type: expected a content type'],
  ['{ f: { file: {} } }', 'http: multipart.f.file: expected a text, a picture, bytes'],
  ['{ f: { file: pool.at(0), filename: 5 } }', 'http: multipart.f.filename: expected a text; got number'],
  ['{ f: { json: 5n } }', 'http: multipart.f.json: '],
  ['{ f: [[1]] }', 'http: multipart.f[0]: expected'],
])('multipart %s is a TypeError that says where', async (fields, message) => {
  await expect(withPool(`await http.post('/', { multipart: ${fields} })`)).rejects.toThrow(message);
});

test('outside of requests a picture is shown as JSON as ever', async () => {
  const [request] = await withPool("await http.post('/', { body: JSON.stringify(pool.at(1)) })");
  expect(JSON.parse(request?.options.body)).toEqual({ width: 8, height: 8, format: 'jpeg', bytes: 100, objects: [], id: 'i1' });
});

test('of a batch as many are under way as batch allows in all, and batchPerHost to one host, however the URL is given', async () => {
  const items = `['http://a/1', ['get', 'http://a/2'], { method: 'get', url: 'http://a/3' }, new URL('http://a/4'), http.url\`http://a/\${5}\`, http.url\`http://b/\${1}\`, '/own']`;
  const asked = async (requests: object) => {
    const starts: [url: string, atUs: number][] = [];
    const box: Awaited<ReturnType<typeof openBox>> = await openBox(
      `import { http } from 'stressrun'; export default async () => (await http.batch(${items})).map((res) => res.url);`,
      {
        settings: { requests },
        answer({ url }) {
          starts.push([url, box.time.nowUs / 1000]);
          return { afterUs: 1_000 };
        },
      },
    );
    await box.value();
    return starts;
  };
  expect(new Set((await asked({})).map(([, ms]) => ms))).toEqual(new Set([0]));
  expect(await asked({ batchPerHostMax: 2 })).toEqual([
    ['http://a/1', 0],
    ['http://a/2', 0],
    ['http://b/1', 0],
    ['/own', 0],
    ['http://a/3', 1],
    ['http://a/4', 1],
    ['http://a/5', 2],
  ]);
  expect((await asked({ batchMax: 3 })).map(([, ms]) => ms)).toEqual([0, 0, 0, 1, 1, 1, 2]);
});
