import { expect, test } from 'vitest';
import { PictureStore } from '../../../runtime/worker/pictures.ts';
import { RequestBuilder } from '../../../runtime/worker/request-builder.ts';
import { environmentOf } from '../net/servers.ts';

const pictures = new PictureStore({ from: 0, step: 1 });
pictures.add({ pool: 'kept', unique: 'none', pictures: [{ id: 'kept-0', format: 'jpeg', bytes: Buffer.from('KEPT') }] });
pictures.add({ pool: 'drawn', unique: 'pixels', pictures: [{ id: 'drawn-0', format: 'png', bytes: Buffer.alloc(0) }] });
const builder = new RequestBuilder(environmentOf('http://a'), pictures, () => undefined);

const formOf = (...references: string[]): string =>
  JSON.stringify({ multipart: references.map((picture, i) => [`file${i}`, { picture }]) });

/** Names and contents of a form's files. */
function filesIn(body: unknown): string[] {
  return [...String(body).matchAll(/name="(\w+)".*\r\n.*\r\n\r\n(.*)\r\n/g)].map(([, name, content]) => `${name}=${content}`);
}

test('of three pictures in a form, two are drawn, each has its own bytes, and the third keeps its', () => {
  const options = formOf('drawn/5', 'kept/0', 'drawn/6');
  expect(builder.build('POST /', options).built.toDraw).toEqual(['drawn/5', 'drawn/6']);
  const drawn = new Map([
    ['drawn/5', Buffer.from('FIVE')],
    ['drawn/6', Buffer.from('SIX')],
  ]);
  const { built, isReusable } = builder.build('POST /', options, drawn);
  expect(filesIn(built.request.body)).toEqual(['file0=FIVE', 'file1=KEPT', 'file2=SIX']);
  expect([built.toDraw, isReusable]).toEqual([undefined, false]);
});

test('a picture that is in a form twice is drawn once', () => {
  const options = formOf('drawn/5', 'drawn/5');
  expect(builder.build('POST /', options).built.toDraw).toEqual(['drawn/5']);
  const { built } = builder.build('POST /', options, new Map([['drawn/5', Buffer.from('FIVE')]]));
  expect(filesIn(built.request.body)).toEqual(['file0=FIVE', 'file1=FIVE']);
});

test('a form of kept pictures has none to draw, and can be sent again as it is', () => {
  const { built, isReusable } = builder.build('POST /', formOf('kept/0'));
  expect(filesIn(built.request.body)).toEqual(['file0=KEPT']);
  expect([built.toDraw, isReusable]).toEqual([undefined, true]);
});

test('a drawn picture as a body is its bytes', () => {
  const options = JSON.stringify({ body: { picture: 'drawn/7' } });
  expect(builder.build('POST /', options).built.toDraw).toEqual(['drawn/7']);
  const { request } = builder.build('POST /', options, new Map([['drawn/7', Buffer.from('SEVEN')]])).built;
  expect(String(request.body)).toBe('SEVEN');
});

test.each([
  ['/x', undefined, 'http://a/x'],
  ['/x#part', {}, 'http://a/x#part'],
  ['/x', { b: 2 }, 'http://a/x?b=2'],
  ['/x?a=1#part', { b: 2 }, 'http://a/x?a=1&b=2'],
])('the query of %s with %j more makes %s', (path, query, url) => {
  const options = query === undefined ? '' : JSON.stringify({ query });
  expect(builder.build(`GET ${path}`, options).built.request.url).toBe(url);
});
