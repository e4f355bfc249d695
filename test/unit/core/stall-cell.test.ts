import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { STALL_PHASE, StallCell } from '../../../runtime/core/stall-cell.ts';

test('a cell is 16 bytes, written over each time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stressrun-cell-'));
  const path = join(folder, 'cell');
  const fd = openSync(path, 'w+');
  const cell = new StallCell(fd);
  cell.write({ phase: 'setup', vu: -1, iteration: 0, scenario: 0 });
  cell.write({ phase: 'iteration', vu: 16, iteration: 4_000_000_000, scenario: 2 });
  const bytes = readFileSync(path);
  closeSync(fd);
  rmSync(folder, { recursive: true });
  expect(bytes).toHaveLength(16);
  expect([STALL_PHASE[bytes.readUInt32LE(0)], bytes.readInt32LE(4), bytes.readUInt32LE(8), bytes.readUInt32LE(12)]).toEqual([
    'iteration',
    16,
    4_000_000_000,
    2,
  ]);
});

test('without a file nothing is written, and nothing happens', () => {
  expect(() => new StallCell(undefined).write({ phase: 'host', vu: -1, iteration: 0, scenario: 0 })).not.toThrow();
});
