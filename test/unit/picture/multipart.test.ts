import { expect, test } from 'vitest';
import { formOf, MultipartCache, type MultipartField, multipartOf } from '../../../runtime/picture/multipart.ts';

const fileOf = (bytes: Buffer | Buffer[], filename = 'photo.jpg'): MultipartField => ({
  name: 'file',
  value: { filename, contentType: 'image/jpeg', bytes },
});

test('a text field and a file of 3 bytes are assembled as RFC 7578 says', () => {
  const body = multipartOf([{ name: 'model', value: 'größe' }, fileOf(Buffer.from([1, 13, 255]))], 'B');
  const text =
    '--B\r\nContent-Disposition: form-data; name="model"\r\n\r\ngröße\r\n' +
    '--B\r\nContent-Disposition: form-data; name="file"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n';
  expect(body).toEqual(Buffer.concat([Buffer.from(text), Buffer.from([1, 13, 255]), Buffer.from('\r\n--B--\r\n')]));
});

test('quotes and line breaks in names and file names become %22, %0D and %0A', () => {
  const body = multipartOf([{ name: 'a"b\r\nc', value: '"\r\n' }, fileOf(Buffer.alloc(0), 'x"\n.jpg')], 'B').toString();
  expect(body).toContain('name="a%22b%0D%0Ac"\r\n\r\n"\r\n\r\n');
  expect(body).toContain('filename="x%22%0A.jpg"');
});

test('a form is read back by the parser of the platform: 1 text and 1 file in 3 pieces', async () => {
  const pieces = [Buffer.from('abc'), Buffer.from('def'), Buffer.from('g')];
  const { body, contentType } = formOf([{ name: 'model', value: 'a\nb' }, fileOf(pieces)]);
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData();
  expect(form.get('model')).toBe('a\nb');
  const file = form.get('file') as File;
  expect([file.name, file.type, await file.text()]).toEqual(['photo.jpg', 'image/jpeg', 'abcdefg']);
});

test('a boundary that occurs in a value is not taken', () => {
  const first = formOf([{ name: 'a', value: 'x' }]);
  const boundary = first.contentType.split('boundary=')[1] as string;
  const second = formOf([{ name: 'a', value: boundary }]);
  expect(second.contentType).not.toBe(first.contentType);
  const third = formOf([{ name: 'a', value: { filename: 'f', contentType: 't/t', bytes: Buffer.from(`..${boundary}..`) } }]);
  expect(third.contentType).not.toBe(first.contentType);
});

test('the cache gives the same body for the same picture and fields, and another for each of 4 differences', () => {
  const cache = new MultipartCache();
  const bytes = Buffer.from('abc');
  const text: MultipartField = { name: 'model', value: 'v1' };
  const form = cache.bodyFor('p1', [text, fileOf(bytes)]);
  expect(cache.bodyFor('p1', [text, fileOf(bytes)])).toBe(form);
  const others = [
    cache.bodyFor('p2', [text, fileOf(bytes)]),
    cache.bodyFor('p1', [{ name: 'model', value: 'v2' }, fileOf(bytes)]),
    cache.bodyFor('p1', [fileOf(bytes), text]),
    cache.bodyFor('p1', [text, fileOf(bytes, 'other.jpg')]),
  ];
  expect(new Set([form, ...others]).size).toBe(5);
  expect(cache.size).toEqual({ count: 5, bytes: [form, ...others].reduce((sum, { body }) => sum + body.length, 0) });
});

test('a cache of 2 forms drops the one not asked for longest', () => {
  const cache = new MultipartCache({ countMax: 2 });
  const of = (key: string) => cache.bodyFor(key, [fileOf(Buffer.from('abc'))]);
  const [a, b] = [of('a'), of('b')];
  expect(of('a')).toBe(a);
  of('c');
  expect(cache.size.count).toBe(2);
  expect(of('a')).toBe(a);
  expect(of('b')).not.toBe(b);
});

test('a cache of 4,000 bytes never holds more, and does not keep a body of over 1,000', () => {
  const cache = new MultipartCache({ bytesMax: 4000 });
  for (let i = 0; i < 20; i++) {
    cache.bodyFor(`p${i}`, [fileOf(Buffer.alloc(500))]);
    expect(cache.size.bytes).toBeLessThanOrEqual(4000);
  }
  expect(cache.size.count).toBeGreaterThan(1);
  const held = cache.size;
  cache.bodyFor('large', [fileOf(Buffer.alloc(1001))]);
  expect(cache.size).toEqual(held);
});
