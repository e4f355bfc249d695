import { expect, test } from 'vitest';
import { isLoopback, listenAddressOf } from '../../../runtime/server/listen-address.ts';

test.each([
  ['', '127.0.0.1', 8089],
  ['0', '127.0.0.1', 0],
  ['9000', '127.0.0.1', 9000],
  [':9000', '127.0.0.1', 9000],
  ['0.0.0.0:8089', '0.0.0.0', 8089],
  ['[::]:8089', '::', 8089],
  ['localhost:80', 'localhost', 80],
])('%j listens on %s, port %i', (text, host, port) => {
  expect(listenAddressOf(text)).toEqual({ host, port });
});

test.each(['70000', 'x', '1.2.3.4', 'a b:80', '::1:80', 'http://localhost:80'])('%j is refused by name', (text) => {
  expect(() => listenAddressOf(text)).toThrow('--ui: expected [HOST:]PORT');
});

test('127.0.0.0/8, ::1 and localhost are this machine alone; names that begin like it are not', () => {
  expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].every(isLoopback)).toBe(true);
  expect(['0.0.0.0', '::', '127.0.0.1.evil.example', 'localhost.evil.example', ''].some(isLoopback)).toBe(false);
});
