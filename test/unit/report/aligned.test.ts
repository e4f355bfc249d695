import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { aligned } from '../../../runtime/report/aligned.ts';
import { wrappedCell } from '../../../runtime/report/wrapped-cell.ts';

test('cells stand in columns two spaces apart, numbers to the right, with a rule under the titles and above the last row', () => {
  const columns = [{ title: 'name' }, { title: 'n', align: 'right' as const }];
  const rows = [
    ['a', '1'],
    ['b', '10'],
    ['all', '11'],
  ];
  expect(aligned(columns, rows, { isLastTotal: true, indent: 2 })).toEqual([
    '  name   n',
    '  ────────',
    '  a      1',
    '  b     10',
    '  ────────',
    '  all   11',
  ]);
});

test('a column in which no row has a value is left out; where none has one all stay', () => {
  const columns = [{ title: 'task' }, { title: 'name' }, { title: 'p95', align: 'right' as const }];
  const rows = [
    ['', 'a', '–'],
    ['', 'all', '–'],
  ];
  expect(aligned(columns, rows)).toEqual(['name', '────', 'a', 'all']);
  expect(aligned(columns, [['', 'a', '1ms'], ...rows])).toEqual(['name  p95', '─────────', 'a     1ms', 'a       –', 'all     –']);
  expect(aligned(columns, [['', '', '']])).toEqual(['task  name  p95', '───────────────']);
});

test('a name of wide characters has the room that it takes: it is not broken, and what follows stands below its title', () => {
  const rows = [
    ['画像を送る', '1'],
    ['a', '2'],
    ['👩‍👩‍👧', '3'],
  ];
  expect(aligned([{ title: 'n', widthMax: 24 }, { title: 'x' }], rows)).toEqual([
    'n           x',
    '─────────────',
    '画像を送る  1',
    'a           2',
    '👩‍👩‍👧          3',
  ]);
});

test.each([
  ['words end a line', 'a check that has a name', 10, true, ['a check', 'that has a', 'name']],
  ['a path ends one behind a slash', 'scripts/predict/cameras.ts', 16, true, ['scripts/predict/', 'cameras.ts']],
  ['a long word is cut where the room ends', 'abcdefghijkl', 5, true, ['abcde', 'fghij', 'kl']],
  ['a cell that is no text is cut anywhere', 'a check that', 9, false, ['a check t', 'hat']],
  ['a wide character is never cut in two', '画像', 3, false, ['画', '像']],
  ['what is wider than the room has a line of its own', '画像', 1, true, ['画', '像']],
])('%s', (_, text, widthMax, isText, lines) => {
  expect(wrappedCell(text, widthMax, { isText })).toEqual(lines);
});

test('whatever is wrapped keeps all of its characters but spaces, and no line is wider than the room', () => {
  const text = fc.array(fc.constantFrom(...Array.from('ab c/.-文é🙂')), { maxLength: 60 }).map((all) => all.join('').trim());
  fc.assert(
    fc.property(text, fc.integer({ min: 2, max: 30 }), fc.boolean(), (cell, widthMax, isText) => {
      const lines = wrappedCell(cell, widthMax, { isText });
      expect(lines.join('').replaceAll(' ', '')).toBe(cell.replaceAll(' ', ''));
      expect(Math.max(...lines.map((line) => stringWidth(line)))).toBeLessThanOrEqual(widthMax);
    }),
  );
});
