import { expect, test } from 'vitest';
import { bypassesProxy, isBypassEntry } from '../../../runtime/core/proxy-bypass.ts';

test.each([
  ['*', 'a.test', true],
  ['a.test', 'a.test', true],
  ['A.Test', 'a.TEST.', true],
  ['a.test', 'x.a.test', true],
  ['a.test', 'xa.test', false],
  ['.a.test', 'x.a.test', true],
  ['.a.test', 'a.test', false],
  ['*.a.test', 'x.a.test', true],
  ['*.a.test', 'a.test', false],
  ['a.test:443', 'a.test', true],
  ['a.test:80', 'a.test', false],
  ['10.0.0.1', '10.0.0.1', true],
  ['10.0.0.1:443', '10.0.0.1', true],
  ['10.0.0.1:80', '10.0.0.1', false],
  ['10.0.0.1', '10.0.0.11', false],
  ['10.0.0.0/8', '10.9.8.7', true],
  ['10.0.0.0/8', '11.9.8.7', false],
  ['10.0.0.0/8', 'a.test', false],
  ['fd00::/8', 'fd00::1', true],
  ['::1', '0:0::1', true],
  ['[::1]:443', '::1', true],
  ['[::1]:80', '::1', false],
])('%s lets %s at port 443 be asked without the proxy: %s', (entry, host, expected) => {
  expect(bypassesProxy(['none.test', entry], host, 443)).toBe(expected);
});

test.each([
  ['a.test', true],
  ['.a', true],
  ['::1', true],
  ['10.0.0.0/8', true],
  ['10.0.0.0/99', false],
  ['a b', false],
  ['http://a', false],
  ['', false],
])('"%s" is an entry: %s', (entry, expected) => {
  expect(isBypassEntry(entry)).toBe(expected);
});
