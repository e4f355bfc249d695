import { expect, test } from 'vitest';
import { targetOf } from '../../../runtime/net/target.ts';
import { ask, httpServer, vuFor } from './servers.ts';

test('a name is resolved, and the target is asked under its name', async () => {
  const { port } = await httpServer((request, response) => response.end(request.headers.host));
  const base = `http://localhost:${port}`;
  const vu = vuFor(base);
  const outcomes = await Promise.all([ask(vu, base), ask(vu, base), ask(vuFor(base), base)]);
  expect(outcomes.map(({ body }) => body?.toString())).toEqual(Array(3).fill(`localhost:${port}`));
});

test('a URL is taken apart: userinfo and fragment leave it, IPv6 loses its brackets, ports have their defaults', () => {
  expect(targetOf('https://u:p@[::1]/a?b#c')).toEqual({
    url: 'https://[::1]/a?b',
    origin: 'https://[::1]',
    path: '/a?b',
    hostname: '::1',
    port: 443,
    isTls: true,
    isAddress: true,
    authorization: 'Basic dTpw',
  });
  expect(targetOf('http://a.example:8080')).toMatchObject({
    path: '/',
    port: 8080,
    isTls: false,
    isAddress: false,
    authorization: undefined,
  });
  expect(targetOf('//x')).toBeUndefined();
  expect(targetOf('javascript:1')).toBeUndefined();
});

test('spaces and letters outside ASCII in a path arrive percent-encoded', async () => {
  const { base } = await httpServer((request, response) => response.end(request.url));
  expect((await ask(vuFor(base), `${base}/ä b?q=ü`)).body?.toString()).toBe('/%C3%A4%20b?q=%C3%BC');
});
