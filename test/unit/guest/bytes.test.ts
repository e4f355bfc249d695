import { expect, test } from 'vitest';
import { valueInBox } from '../../support/script-box.ts';

test('TextEncoder writes UTF-8, 1 to 4 bytes a character, and U+FFFD for half a surrogate pair', async () => {
  const text = 'aé€😀\uD800';
  expect(await valueInBox(`[...new TextEncoder().encode(${JSON.stringify(text)})]`)).toEqual([...new TextEncoder().encode(text)]);
});

test('encodeInto writes whole characters only: 2 of 3 into 5 bytes', async () => {
  const script = "(() => { const bytes = new Uint8Array(5); return [new TextEncoder().encodeInto('a€€', bytes), [...bytes]]; })()";
  expect(await valueInBox(script)).toEqual([{ read: 2, written: 4 }, [97, 226, 130, 172, 0]]);
});

test('TextDecoder reads any view of bytes, and leaves a byte order mark out unless told to keep it', async () => {
  const script = `[
    new TextDecoder().decode(new Uint8Array([239, 187, 191, 226, 130, 172])),
    new TextDecoder('utf8', { ignoreBOM: true }).decode(new Uint8Array([239, 187, 191, 97])).length,
    new TextDecoder().decode(new Uint8Array([0, 97, 98, 0]).subarray(1, 3)),
    new TextDecoder().decode(new Uint8Array([97]).buffer),
    new TextDecoder().decode(new DataView(new Uint8Array([98]).buffer)),
    new TextDecoder().decode(),
  ]`;
  expect(await valueInBox(script)).toEqual(['€', 2, 'ab', 'a', 'b', '']);
});

test('malformed bytes become U+FFFD, or with fatal a TypeError', async () => {
  expect(await valueInBox('new TextDecoder().decode(new Uint8Array([97, 255]))')).toBe('a\uFFFD');
  await expect(valueInBox("new TextDecoder('utf-8', { fatal: true }).decode(new Uint8Array([97, 255]))")).rejects.toThrow(
    'TypeError: TextDecoder: the bytes are not valid UTF-8',
  );
});

test('other encodings are refused by name', async () => {
  await expect(valueInBox("new TextDecoder('latin1')")).rejects.toThrow(`TextDecoder: only 'utf-8' is there; got "latin1"`);
});

test('16 MB go through the encoder and back', async () => {
  expect(await valueInBox("new TextDecoder().decode(new TextEncoder().encode('x'.repeat(16_000_000))).length")).toBe(16_000_000);
});

test('atob and btoa are those of browsers', async () => {
  expect(await valueInBox("[btoa('hi é'), atob('aGkg6Q=='), atob(' aGk '), btoa('')]")).toEqual(['aGkg6Q==', 'hi é', 'hi', '']);
  await expect(valueInBox("btoa('€')")).rejects.toThrow('InvalidCharacterError: btoa: a character above U+00FF');
  await expect(valueInBox("atob('a')")).rejects.toThrow('InvalidCharacterError: atob: the text is not base64');
});

test('structuredClone copies all the way down, circles and shared parts included', async () => {
  const script = `(() => {
    const shared = { s: 1 }; const value = { list: [1, , 3], shared, again: shared, map: new Map([[shared, new Set([2])]]), date: new Date(5), pattern: /a/gi, bytes: new Uint8Array([1, 2]).subarray(1), text: Object('t') };
    value.self = value;
    const copy = structuredClone(value);
    return [copy !== value, copy.self === copy, copy.shared === copy.again, copy.shared !== shared, copy.list.length, 1 in copy.list,
      copy.map.get(copy.shared).has(2), copy.date.getTime(), String(copy.pattern), [...copy.bytes], copy.text.valueOf()];
  })()`;
  expect(await valueInBox(script)).toEqual([true, true, true, true, 3, false, true, 5, '/a/gi', [2], 't']);
});

test('structuredClone keeps the kind, message and cause of errors, and a key called __proto__', async () => {
  const script = `(() => {
    const copy = structuredClone({ e: new RangeError('m', { cause: { c: 1 } }), odd: JSON.parse('{"__proto__": {"x": 1}}') });
    return [copy.e instanceof RangeError, copy.e.message, copy.e.cause, Object.keys(copy.odd), copy.odd.x === undefined];
  })()`;
  expect(await valueInBox(script)).toEqual([true, 'm', { c: 1 }, ['__proto__'], true]);
});

test('structuredClone takes options as browsers do, and refuses what cannot be copied', async () => {
  expect(await valueInBox('structuredClone({ a: 1 }, { transfer: [] }).a')).toBe(1);
  for (const [value, what] of [
    ['() => 1', 'a function'],
    ["{ a: Symbol('s') }", 'a symbol'],
    ['[Promise.resolve()]', 'a promise, a WeakMap or a WeakSet'],
    ['new WeakMap()', 'a promise, a WeakMap or a WeakSet'],
  ])
    await expect(valueInBox(`structuredClone(${value})`)).rejects.toThrow(`DataCloneError: structuredClone: ${what} cannot be copied`);
});
