import { expect, test } from 'vitest';
import { colouredText, plainText } from '../../../runtime/report/plain-text.ts';

test('for a terminal of colours 2 looks, the tab and the line break stay', () => {
  const text = '\u001b[1;31mred\u001b[0m\tand\nso\r\non';
  expect(colouredText(text)).toBe('\u001b[1;31mred\u001b[0m\tand\nso\non');
  expect(plainText(text)).toBe('red  and\nso\non');
});

test.each([
  ['the title of the window', '\u001b]0;mine\u0007x', 'x'],
  ['a question that the terminal answers', '\u001b[6nx', 'x'],
  ['a moved cursor and a cleared screen', '\u001b[2J\u001b[Hx', 'x'],
  ['a carriage return', 'passed\rx', 'passed\nx'],
  ['a bell and a backspace', '\u0007\u0008x', 'x'],
  ['an 8-bit escape', '\u009b31mx', 'x'],
  ['a colour with letters in it', '\u001b[3?1mx', expect.not.stringContaining('\u001b')],
  ['a look inside another sequence', '\u001b]0;a\u001b[31mb\u0007x', ';a\u001b[31mbx'],
  ['half of an escape before a look', '\u001b\u001b[31mx', '\u001b[31mx'],
  ['reordered letters', 'a\u202eb\u2069c', 'abc'],
])('%s does not stay', (_, text, left) => {
  expect(colouredText(text)).toEqual(left);
});
