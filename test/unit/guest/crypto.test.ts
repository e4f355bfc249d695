import { expect, test } from 'vitest';
import { valueInBox } from '../../support/script-box.ts';

const HELPERS = `
  const bytes = (text) => new TextEncoder().encode(text);
  const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const keyOf = (text, hash, usages = ['sign', 'verify']) => crypto.subtle.importKey('raw', bytes(text), { name: 'HMAC', hash }, false, usages);
`;
const run = <T = unknown>(code: string): Promise<T> => valueInBox<T>(`(async () => { ${HELPERS} ${code} })()`);

test.each([
  ['SHA-1', 'a9993e364706816aba3e25717850c26c9cd0d89d'],
  ['SHA-256', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  ['SHA-384', 'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7'],
  [
    'SHA-512',
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ],
])('the %s of "abc" is that of FIPS 180-4', async (algorithm, digest) => {
  expect(await run(`return hex(await crypto.subtle.digest('${algorithm}', bytes('abc')));`)).toBe(digest);
  expect(await run(`return hex(await crypto.subtle.digest({ name: '${algorithm.toLowerCase()}' }, bytes('abc').buffer));`)).toBe(digest);
});

test('HMAC-SHA-256 signs and verifies test case 2 of RFC 4231', async () => {
  const code = `
    const key = await keyOf('Jefe', 'SHA-256'); const data = bytes('what do ya want for nothing?');
    const signature = await crypto.subtle.sign('HMAC', key, data);
    const wrong = new Uint8Array(signature.slice(0)); wrong[31] ^= 1;
    return [hex(signature), await crypto.subtle.verify('HMAC', key, signature, data), await crypto.subtle.verify('HMAC', key, wrong, data),
      await crypto.subtle.verify('HMAC', key, signature, bytes('other')), await crypto.subtle.verify('HMAC', key, new Uint8Array(3), data)];`;
  expect(await run(code)).toEqual(['5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843', true, false, false, false]);
});

test('a key may hold colons and zeros, and its bytes do not show', async () => {
  const code = `
    const key = await crypto.subtle.importKey('raw', new Uint8Array([58, 0, 58, 255]), { name: 'hmac', hash: { name: 'SHA-256' } }, false, ['sign', 'verify']);
    const signature = await crypto.subtle.sign('HMAC', key, bytes('1:2:3'));
    return [await crypto.subtle.verify('HMAC', key, signature, bytes('1:2:3')), JSON.stringify(key)];`;
  expect(await run(code)).toEqual([
    true,
    '{"type":"secret","algorithm":{"name":"HMAC","hash":{"name":"SHA-256"}},"extractable":false,"usages":["sign","verify"]}',
  ]);
});

test.each([
  ["await crypto.subtle.digest('MD5', bytes(''))", 'crypto.subtle: expected one of SHA-1, SHA-256, SHA-384, SHA-512; got MD5'],
  ["await crypto.subtle.digest('SHA-256', 'text')", 'expected an ArrayBuffer, a typed array or a DataView; got string'],
  ["await crypto.subtle.importKey('jwk', {}, { name: 'HMAC', hash: 'SHA-256' }, false, [])", "only 'raw' is there; got jwk"],
  ["await crypto.subtle.importKey('raw', bytes('k'), { name: 'AES-GCM' }, false, [])", "only { name: 'HMAC', hash } is there"],
  ["await crypto.subtle.sign('HMAC', {}, bytes(''))", 'crypto.subtle: expected a key made by importKey'],
  ["await crypto.subtle.verify('HMAC', await keyOf('k', 'SHA-256', ['sign']), bytes(''), bytes(''))", 'the key may not be used to verify'],
])('%s is refused', async (code, message) => {
  await expect(run(code)).rejects.toThrow(message);
});

test('getRandomValues fills any integer view of up to 65,536 bytes and returns it', async () => {
  const code = `
    const bytes16 = new Uint8Array(16); const words = new Uint32Array(4); const part = new Uint8Array(64).subarray(60);
    const same = [crypto.getRandomValues(bytes16) === bytes16, crypto.getRandomValues(words) === words, crypto.getRandomValues(part) === part];
    return [same, bytes16.some((byte) => byte !== 0), words.some((word) => word > 255), [...new Uint8Array(part.buffer, 0, 60)].every((byte) => byte === 0)];`;
  expect(await run(code)).toEqual([[true, true, true], true, true, true]);
  await expect(run('crypto.getRandomValues(new Uint8Array(65_537))')).rejects.toThrow('at most 65536 bytes at once; got 65537');
});

test('randomUUID gives 100 different version-4 UUIDs', async () => {
  const uuids = await run<string[]>('return Array.from({ length: 100 }, () => crypto.randomUUID());');
  expect(new Set(uuids).size).toBe(100);
  for (const uuid of uuids) expect(uuid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});
