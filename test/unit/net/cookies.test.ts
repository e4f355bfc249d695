import { expect, test } from 'vitest';
import { onWire, textOfBytes } from '../../../runtime/net/header-bytes.ts';
import { ask, rawServer, vuFor } from './servers.ts';

/** A server that sets cookies with the first answer of a connection, and keeps the bytes of the `cookie` headers it gets, one byte a character. */
async function settingServer(setCookies: readonly string[]): Promise<{ base: string; cookies: (string | undefined)[] }> {
  const cookies: (string | undefined)[] = [];
  const { base } = await rawServer((socket) => {
    socket.on('data', (bytes) => {
      cookies.push(/\r\ncookie: (.*)\r\n/i.exec(bytes.toString('latin1'))?.[1]);
      const lines = cookies.length === 1 ? setCookies.map((text) => `set-cookie: ${text}\r\n`).join('') : '';
      socket.write(Buffer.from(`HTTP/1.1 200 OK\r\n${lines}content-length: 2\r\n\r\nok`, 'latin1'));
    });
  });
  return { base, cookies };
}

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

test.each([
  ['UTF-8', 'name=Jürgen; Path=/', 'name=Jürgen'],
  ['UTF-8 outside Latin-1', 'animal=猫', 'animal=猫'],
  ['UTF-8 that ends in the byte of a blank', 'word=voilà', 'word=voilà'],
  ['outside the basic plane', 'face=😀', 'face=😀'],
  ['of private use', 'own=\uf7ff', 'own=\uf7ff'],
])('a cookie in %s goes back as the bytes that came, and no later request fails for it', async (_, setCookie, sent) => {
  const { base, cookies } = await settingServer([utf8(setCookie)]);
  const vu = vuFor(base);
  for (let i = 0; i < 3; i++) expect(await ask(vu, base)).toMatchObject({ kind: 'response', status: 200, errorCode: 0 });
  expect(cookies).toEqual([undefined, utf8(sent), utf8(sent)]);
});

test('bytes of a cookie that are no UTF-8 go back as they came, beside those of another', async () => {
  const { base, cookies } = await settingServer(['name=J\xfcrgen; HttpOnly', 'odd=\x80\xa0\xff\x9f', utf8('animal=猫')]);
  const vu = vuFor(base);
  for (let i = 0; i < 2; i++) expect((await ask(vu, base)).status).toBe(200);
  expect(cookies).toEqual([undefined, `name=J\xfcrgen; odd=\x80\xa0\xff\x9f; ${utf8('animal=猫')}`]);
});

test('cookies that a request brings go out as UTF-8, as browsers send them', async () => {
  const { base, cookies } = await settingServer([]);
  expect((await ask(vuFor(base), base, { cookies: { animal: '猫' }, headers: ['cookie', 'name=Jürgen'] })).status).toBe(200);
  expect(cookies).toEqual([utf8('name=Jürgen; animal=猫')]);
});

test('all bytes of a header come back from its text, whatever they are', () => {
  const changed: Buffer[] = [];
  for (let first = 0; first < 256; first++)
    for (let second = 0; second < 256; second++) {
      const bytes = Buffer.from([first, second, 0xc3, 0xa0]);
      if (onWire(textOfBytes(bytes)) !== bytes.toString('latin1')) changed.push(bytes);
    }
  expect(changed).toEqual([]);
});
