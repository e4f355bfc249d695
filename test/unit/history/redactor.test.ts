import { expect, test } from 'vitest';
import { REDACTED, Redactor } from '../../../runtime/history/redactor.ts';

const SECRET = 'pa"ss/1';

function redactor(): Redactor {
  const made = new Redactor();
  made.learn([
    { name: 'A', value: SECRET },
    { name: 'B', value: '' },
  ]);
  return made;
}

test('a secret is hidden in all 3 forms that it may take: as it is, in a URL, inside JSON', () => {
  const texts = [SECRET, encodeURIComponent(SECRET), JSON.stringify({ echo: SECRET })];
  expect(texts.map((text) => redactor().text(`<${text}>`))).toEqual([`<${REDACTED}>`, `<${REDACTED}>`, `<{"echo":"${REDACTED}"}>`]);
});

test('in a JSON value texts at any depth are cleaned, 3 numbers and a null stay', () => {
  const value = { a: [1, { b: `x ${SECRET}`, c: null }], d: 2.5, e: -3 };
  expect(redactor().json(value)).toEqual({ a: [1, { b: `x ${REDACTED}`, c: null }], d: 2.5, e: -3 });
  expect(JSON.parse(redactor().stringify(value, 2))).toEqual(redactor().json(value));
});

test('one that knows no secret gives back what it was given', () => {
  const value = { text: SECRET };
  expect(new Redactor().json(value)).toBe(value);
  expect(new Redactor().text(SECRET)).toBe(SECRET);
});
