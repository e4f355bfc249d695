import { fstatSync, readSync, writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { holdShared, letGoOfShared, share } from '../../../runtime/cluster/shared-bytes.ts';

const read = (fd: number, { at, length }: { at: number; length: number }): string => {
  const out = Buffer.alloc(length);
  readSync(fd, out, 0, length, at);
  return out.toString();
};

test('bytes that are shared are read through the descriptor of whoever holds the file, which has no name and cannot be written', () => {
  expect(share(Buffer.from('nobody reads this'))).toBeUndefined();
  const fds = [holdShared(), holdShared()];
  const places = ['first', 'the second'].map((text) => share(Buffer.from(text)));
  expect(places).toEqual([
    { at: 0, length: 5 },
    { at: 5, length: 10 },
  ]);
  for (const fd of fds) expect(places.map((place) => read(fd, place as { at: number; length: number }))).toEqual(['first', 'the second']);
  expect(fstatSync(fds[0] as number).nlink).toBe(0);
  expect(() => writeSync(fds[0] as number, 'x')).toThrow('EBADF');
  letGoOfShared();
  expect(share(Buffer.from('third'))).toEqual({ at: 15, length: 5 });
  letGoOfShared();
});

test('the next one to hold the file finds it empty', () => {
  holdShared();
  share(Buffer.alloc(1_000));
  letGoOfShared();
  const fd = holdShared();
  expect(fstatSync(fd).size).toBe(0);
  expect(share(Buffer.from('x'))).toEqual({ at: 0, length: 1 });
  letGoOfShared();
});
