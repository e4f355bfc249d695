import fc from 'fast-check';
import { expect, test } from 'vitest';
import { valueInBox } from '../../support/script-box.ts';

const PARTS = ['href', 'origin', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;

const partsOf = (url: URL): string[] => PARTS.map((part) => url[part]);

test('a URL has the parts that Node gives it, for 6 spellings', async () => {
  const spellings = [
    'http://user:p%40ss@example.com:8080/a/../b?x=1&y=ü#z',
    'HTTPS://EXAMPLE.com:443/%7Efoo',
    'http://[::1]:3000/',
    'http://0x7f.1/',
    'http://münchen.de/straße',
    'mailto:a@b.c',
  ];
  const seen = await valueInBox(
    `${JSON.stringify(spellings)}.map((s) => { const u = new URL(s); return ${JSON.stringify(PARTS)}.map((p) => u[p]); })`,
  );
  expect(seen).toEqual(spellings.map((spelling) => partsOf(new URL(spelling))));
});

test('a relative URL is resolved against its base, which may be a URL', async () => {
  expect(await valueInBox("[String(new URL('../x?y#z', 'http://h/a/b/c')), new URL('//other', new URL('https://h')).href]")).toEqual([
    'http://h/a/x?y#z',
    'https://other/',
  ]);
});

test.each(["new URL('nope')", "new URL('/a')", "new URL('')", "Object.assign(new URL('http://h'), { href: 'bad' })"])(
  '%s is a TypeError',
  async (expression) => {
    await expect(valueInBox(expression)).rejects.toThrow('TypeError: Invalid URL');
  },
);

test('setters change what Node would change, and ignore what it would ignore', async () => {
  const changes: Partial<Record<(typeof PARTS)[number], string>>[] = [
    { protocol: 'https', host: 'x:99' },
    { hostname: 'y', port: '8080' },
    { port: 'nonsense', pathname: '/ü b' },
    { search: '?q=1 2', hash: 'h' },
    { username: 'a', password: 'b:c' },
    { search: '', hash: '' },
  ];
  const expected = changes.map((change) => Object.assign(new URL('http://h:81/p?s=1#f'), change).href);
  const seen = await valueInBox(`${JSON.stringify(changes)}.map((change) => Object.assign(new URL('http://h:81/p?s=1#f'), change).href)`);
  expect(seen).toEqual(expected);
});

test('searchParams and the URL change each other, also after search was set', async () => {
  const script = `(() => {
    const url = new URL('http://h/?a=1'); const params = url.searchParams; const seen = [params === url.searchParams];
    params.append('b', '2 3'); seen.push(url.search);
    url.search = '?c=3'; seen.push(params.get('a'), params.get('c'));
    params.delete('c'); seen.push(url.href); return seen;
  })()`;
  expect(await valueInBox(script)).toEqual([true, '?a=1&b=2+3', null, '3', 'http://h/']);
});

test('canParse, toJSON and toString are there', async () => {
  expect(await valueInBox("[URL.canParse('x'), URL.canParse('x', 'http://h'), JSON.stringify({ u: new URL('http://h') })]")).toEqual([
    false,
    true,
    '{"u":"http://h/"}',
  ]);
});

test('parameters do what those of Node do', async () => {
  const work = `
    const p = new URLSearchParams('?b=2&a=1&b=3&e=%20+&u=%C3%BC'); const seen = [p.size, p.get('b'), p.getAll('b'), p.get('e'), p.get('u'), p.get('none'), p.has('a'), p.has('a', '2'), p.has('a', '1')];
    p.append('c', '&='); p.set('b', 'one'); p.delete('a', 'other'); p.delete('e'); p.sort();
    seen.push(String(p), [...p], [...p.keys()], [...p.values()], [...p.entries()]);
    p.forEach((value, name, all) => seen.push([value, name, all === p]));
    seen.push(String(new URLSearchParams({ x: '1', y: 'z' })), String(new URLSearchParams([['x', '1'], ['x', '2']])), String(new URLSearchParams(p)), String(new URLSearchParams()));
    return seen;`;
  const expected = new Function(work)() as unknown;
  expect(await valueInBox(`(() => { ${work} })()`)).toEqual(expected);
});

test('a pair that is none is refused', async () => {
  await expect(valueInBox("new URLSearchParams([['a']])")).rejects.toThrow('URLSearchParams: expected pairs of a name and a value');
});

test('100 random queries are read and written as Node does', async () => {
  const queries = fc.sample(fc.array(fc.tuple(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })), { maxLength: 4 }), 100);
  const expected = queries.map((pairs) => new URLSearchParams(pairs).toString());
  const seen = await valueInBox<string[]>(`${JSON.stringify(queries)}.map((pairs) => String(new URLSearchParams(pairs)))`);
  expect(seen).toEqual(expected);
  const back = await valueInBox(`${JSON.stringify(expected)}.map((text) => [...new URLSearchParams(text)])`);
  expect(back).toEqual(expected.map((text) => [...new URLSearchParams(text)]));
});
