import { expect, test } from 'vitest';
import { valueInBox } from '../../support/script-box.ts';
import { vuFor } from '../net/servers.ts';

const BASE = 'http://target';
/** What statements on `jar` leave in `said`, of a user with real cookies. */
const saidOf = (statements: string): Promise<unknown> =>
  valueInBox(
    `(async () => { const [jar, said] = [http.cookieJar(), []];
    const why = async (act) => { try { await act(); said.push('fine'); } catch (error) { said.push(error.name + ': ' + error.message); } };
    ${statements}
    return said; })()`,
    { http: vuFor(BASE) },
  );

test('cookies of a path are read as lists by name, set with options in the script’s units, deleted one by one and all at once', async () => {
  const said = await saidOf(`
    jar.set('/', 'sid', '1');
    jar.set('/deep', 'sid', '2', { path: '/deep' });
    jar.set('/', 'brief', 'x', { maxAge: '1.9s' });
    jar.set('/', 'gone', 'x', { maxAge: '0.9s' });
    jar.set('https://target/', 'safe', 'x', { secure: true, httpOnly: false });
    said.push(jar.cookiesForURL('/'), jar.cookiesForURL('/deep/x'), jar.cookiesForURL('https://target/'));
    jar.delete('/', '');
    jar.delete('/', 'brief');
    said.push(jar.cookiesForURL('/'));
    jar.clear('/');
    said.push(jar.cookiesForURL('/'));
  `);
  expect(said).toEqual([
    { sid: ['1'], brief: ['x'] },
    { sid: ['2', '1'], brief: ['x'] },
    { sid: ['1'], brief: ['x'], safe: ['x'] },
    { sid: ['1'] },
    {},
  ]);
});

test('what cannot be set says what is allowed, and nothing is set', async () => {
  const said = await saidOf(`
    await why(() => jar.cookiesForURL(5));
    await why(() => jar.cookiesForURL('ftp://x'));
    await why(() => jar.set('/', 'a b', 'c'));
    await why(() => jar.set('/', 'a', 'b;c'));
    await why(() => jar.set('/', 'a', 'b', { expires: 1 }));
    await why(() => jar.set('/', 'a', 'b', { maxAge: 'soon' }));
    await why(() => jar.set('/', 'a', 'b', { domain: 'example.com' }));
    said.push(jar.cookiesForURL('/'));
  `);
  expect(said).toEqual([
    "TypeError: http.cookieJar: expected a path or URL as text, such as '/predict'; got number",
    'TypeError: http.cookieJar: expected a path, or an absolute http or https URL; got "ftp://x"',
    'TypeError: http.cookieJar: expected a name of letters, digits and signs such as "_"; got "a b"',
    'TypeError: http.cookieJar: a: expected a value of ASCII without blanks, quotes, ",", ";" and "\\" (encodeURIComponent() makes one of any text)',
    'TypeError: http.cookieJar: unknown option "expires"; allowed are domain, path, secure, httpOnly, maxAge',
    'RangeError: http.cookieJar: maxAge: expected seconds (0 or more) or a text such as \'500ms\'; got "soon"',
    expect.stringMatching(/^TypeError: http\.cookieJar: the cookie "a" cannot be set for http:\/\/target: /),
    {},
  ]);
});

test('before there is a user nobody has cookies', async () => {
  await expect(valueInBox("http.cookieJar().cookiesForURL('/')")).rejects.toThrow('at module level nobody has cookies');
});
