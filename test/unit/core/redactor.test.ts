import { expect, test } from 'vitest';
import { REDACTED, Redactor } from '../../../runtime/core/redactor.ts';

const SECRET = 'pa"ss/1';

function redactor(): Redactor {
  const made = new Redactor();
  made.learn([{ value: SECRET }, { value: '' }]);
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

const HARD = 'Sup3r!pass (a\'b)*~ é%/+&=?#\\"<>`^|{}:;@$,[]';
const PATH = new URL(`http://h/${HARD.replace(/[?#\\]/g, '')}`).pathname.slice(1);
test.each([
  ['a form', HARD, new URLSearchParams([['', HARD]]).toString().slice(1)],
  ['a form with %20 for a space', HARD, new URLSearchParams([['', HARD]]).toString().slice(1).replaceAll('+', '%20')],
  ['encodeURIComponent', HARD, encodeURIComponent(HARD)],
  ['encodeURIComponent in lower case', HARD, encodeURIComponent(HARD).replace(/%../g, (hex) => hex.toLowerCase())],
  ['the path of a URL', HARD.replace(/[?#\\]/g, ''), PATH],
  ['the query of a URL', HARD.replace('#', ''), new URL(`http://h/?${HARD.replace('#', '')}`).search.slice(1)],
  [
    'every sign encoded',
    HARD,
    Array.from(Buffer.from(HARD), (byte) => (isAlnum(byte) ? String.fromCharCode(byte) : `%${byte.toString(16)}`)).join(''),
  ],
  ['JSON of other languages', 'a<b>é/c', 'a\\u003cb\\u003E\\u00e9\\/c'],
])('a secret is hidden as %s', (_, value, text) => {
  expect(knowing(value).text(`k=${text}&n=1`)).toBe(`k=${REDACTED}&n=1`);
});

function isAlnum(byte: number): boolean {
  return /[A-Za-z0-9]/.test(String.fromCharCode(byte));
}

function knowing(...values: string[]): Redactor {
  const made = new Redactor();
  made.learn(values.map((value) => ({ value })));
  return made;
}

test.each(['', 'a', 'ann', 'somebody'])(
  'Basic authorization of user "%s" with a secret password gives away at most 3 characters of base64',
  (user) => {
    const value = 'pa55-for-ånn?>~';
    const sent = Buffer.from(`${user}:${value}`).toString('base64');
    const text = knowing(value).text(`Basic ${sent}, alone ${Buffer.from(value).toString('base64url')}`);
    expect(text).toMatch(/^Basic [A-Za-z0-9+/]*\[redacted\][A-Za-z0-9+/=]{0,3}, alone \[redacted\]$/);
    const shown = Buffer.from(text.split(' ')[1]?.split('[')[0] ?? '', 'base64').toString();
    expect(`${user}:`).toContain(shown.slice(0, user.length));
  },
);

test('base64 of a secret of 4 letters is left alone: it may be anything', () => {
  expect(knowing('abcd').text(Buffer.from('abcd').toString('base64'))).toBe('YWJjZA==');
});

test('the line break at the end of a secret from a file is no part of it, and space alone hides nothing', () => {
  expect(knowing('t0ken\n', ' ').text('Bearer t0ken of somebody')).toBe(`Bearer ${REDACTED} of somebody`);
});

test('a tag, a header and a metric that a secret names are cleaned, also two of them; our own keys stay though a secret is "name"', () => {
  const value = {
    name: 'x',
    tags: { 'is hunter2': 'a', 'is swordfish': 'b' },
    plan: { headers: { hunter2: 'c' } },
    metrics: { hunter2_reqs: { type: 'rate' } },
  };
  expect(knowing('hunter2', 'swordfish', 'name').json(value)).toEqual({
    name: 'x',
    tags: { [`is ${REDACTED}`]: 'a', [`is ${REDACTED}_`]: 'b' },
    plan: { headers: { [REDACTED]: 'c' } },
    metrics: { [`${REDACTED}_reqs`]: { type: 'rate' } },
  });
});

const TOKEN = 'k9/Tq+Z"7é pW=4xLm2&Yb';
const SPELLINGS: [string, (value: string) => string][] = [
  ['as it is', (value) => value],
  ['in a URL', encodeURIComponent],
  ['in a URL inside a URL', (value) => encodeURIComponent(encodeURIComponent(value))],
  ['in JSON', (value) => JSON.stringify(value).slice(1, -1)],
  ['in JSON inside JSON', (value) => JSON.stringify(JSON.stringify(value)).slice(3, -3)],
  ['in JSON inside a URL', (value) => encodeURIComponent(JSON.stringify(value).slice(1, -1))],
  ['in base64', (value) => Buffer.from(value).toString('base64')],
  ['as a form', (value) => new URLSearchParams([['', value]]).toString().slice(1)],
];

test.each(SPELLINGS)(
  'a text that is cut inside a credential %s, at each of its places: at most 3 characters of it are left',
  (_, spell) => {
    const spelt = spell(TOKEN);
    const before = 'n'.repeat(90);
    const known = knowing(TOKEN);
    for (let shown = 1; shown <= spelt.length; shown++) {
      const whole = `${before}${spelt}${'n'.repeat(50)}`;
      const lengthMax = before.length + shown;
      for (const text of [known.cut(whole, lengthMax), known.text(`${whole.slice(0, lengthMax)}…`)]) {
        const rest = text
          .replace(before, '')
          .replace('[redacted]', '')
          .replace(/[[redacted…=]*$/, '');
        expect(spelt.slice(0, 4).startsWith(rest) && rest.length <= 3, `${shown}: ${text}`).toBe(true);
        expect(text.length).toBeLessThanOrEqual(lengthMax + 11);
      }
      expect(known.cut(whole, lengthMax).length).toBeLessThanOrEqual(lengthMax);
      expect(known.cut(whole, lengthMax).slice(before.length)).toMatch(/^$|^\[[redact\]=]*$/);
    }
  },
);

test('what was guessed is hidden from 6 characters on, from 6 to 7 only as a word, below that not at all; a secret whatever its length', () => {
  const known = new Redactor();
  known.learn([
    { value: 'demo', isGuessed: true },
    { value: 'swor6d', isGuessed: true },
    { value: 'passphrase', isGuessed: true },
    { value: 'pin' },
  ]);
  expect(known.text('demo swor6d swor6ds mypassphrases pin')).toBe(`demo ${REDACTED} swor6ds my${REDACTED}s ${REDACTED}`);
});

test('one that knows more of a request leaves the first as it was', () => {
  const first = knowing('first-secret');
  const both = first.with([{ value: 'second-secret', isGuessed: true }]);
  expect(both.text('first-secret second-secret')).toBe(`${REDACTED} ${REDACTED}`);
  expect(first.text('first-secret second-secret')).toBe(`${REDACTED} second-secret`);
});
