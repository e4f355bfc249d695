import { expect, test } from 'vitest';
import { textOfAnswer, utf8OfAnswer } from '../../../runtime/net/answer-text.ts';
import { ask, rawServer, vuFor } from './servers.ts';

const LABEL = '{"label":"Jürgen 猫"}';
const bytes = (text: string, encoding: BufferEncoding): Buffer => Buffer.from(text, encoding);
const swapped = (buffer: Buffer): Buffer => Buffer.from(buffer).swap16();

test.each([
  ['UTF-8 without a word', '', bytes(LABEL, 'utf8'), LABEL],
  ['UTF-8 that says so', '; charset=UTF-8', bytes(LABEL, 'utf8'), LABEL],
  ['a mark before UTF-8', '', bytes(`\ufeff${LABEL}`, 'utf8'), LABEL],
  ['a mark that goes before another charset', '; charset=iso-8859-1', bytes(`\ufeff${LABEL}`, 'utf8'), LABEL],
  ['Latin-1', '; charset=iso-8859-1', bytes('{"label":"J\xfcrgen"}', 'latin1'), '{"label":"Jürgen"}'],
  ['Latin-1 in quotes, capitals and blanks', ' ; Charset = "ISO-8859-1"', bytes('J\xfcrgen', 'latin1'), 'Jürgen'],
  ['windows-1252', '; charset=windows-1252', bytes('\x80', 'latin1'), '€'],
  ['GBK', '; charset=gbk', bytes('\xc3\xa8', 'latin1'), '猫'],
  ['Shift_JIS', '; charset=shift_jis', bytes('\x94\x4c', 'latin1'), '猫'],
  ['ISO-2022-JP, all of it bytes of ASCII', '; charset=iso-2022-jp', bytes('\x1b$BG-\x1b(B', 'latin1'), '猫'],
  ['UTF-16 that says so', '; charset=utf-16le', bytes(LABEL, 'utf16le'), LABEL],
  ['UTF-16 by its mark', '', bytes(`\ufeff${LABEL}`, 'utf16le'), LABEL],
  ['UTF-16, big end first, by its mark', '', swapped(bytes(`\ufeff${LABEL}`, 'utf16le')), LABEL],
  ['a charset that nobody knows', '; charset=klingon', bytes(LABEL, 'utf8'), LABEL],
  ['a charset before another parameter', '; charset=latin1; version=1', bytes('\xfc', 'latin1'), 'ü'],
  ['a mark alone', '', bytes('\ufeff', 'utf8'), ''],
  ['nothing', '; charset=gbk', Buffer.alloc(0), ''],
])('%s, through both clients', async (_, parameter, body, text) => {
  const { base } = await rawServer((socket) =>
    socket.on('data', () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Type: application/json${parameter}\r\ncontent-length: ${body.length}\r\n\r\n`);
      socket.write(body);
    }),
  );
  for (const httpClient of ['own', 'undici'] as const) {
    const vu = vuFor(base, { httpClient });
    for (let i = 0; i < 2; i++) {
      const outcome = await ask(vu, base);
      expect(outcome.body?.equals(body) ?? body.length === 0, 'the bytes are as they came').toBe(true);
      expect(textOfAnswer(outcome)).toBe(text);
      expect(utf8OfAnswer(outcome)?.toString() ?? '').toBe(text);
    }
  }
});
