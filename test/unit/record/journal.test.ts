import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { type JournalLine, readJournal } from '../../../runtime/record/journal.ts';
import { temporaryFolder } from '../history/temporary-folder.ts';

const lineAt = (second: number, text = 'ok'): JournalLine => ({
  v: 3,
  second,
  atMs: 1000 * second,
  users: 5,
  told: [{ worker: 0 }, { worker: 1, isLost: true }],
  numbers: ['AAEC', ''],
  events: [{ kind: 'note', text }],
});
const textOf = (...lines: JournalLine[]): string => lines.map((line) => `${JSON.stringify(line)}\n`).join('');

async function collect(journal: AsyncIterable<JournalLine>): Promise<JournalLine[]> {
  const lines: JournalLine[] = [];
  for await (const line of journal) lines.push(line);
  return lines;
}

async function readAll(text: string): Promise<{ lines: JournalLine[]; torn: string[]; path: string }> {
  const path = join(temporaryFolder(), 'journal.ndjson');
  writeFileSync(path, text);
  const torn: string[] = [];
  try {
    const lines = await collect(readJournal(path, (remark) => torn.push(remark)));
    return { lines, torn, path };
  } catch (error) {
    if (error instanceof ConfigError) error.message = error.message.replace(path, 'FILE');
    throw error;
  }
}

test('2 whole lines are read, and nothing is torn', async () => {
  const { lines, torn } = await readAll(textOf(lineAt(0), lineAt(1)));
  expect(lines).toEqual([lineAt(0), lineAt(1)]);
  expect(torn).toEqual([]);
});

test('lines longer than what a stream reads at once (64 KiB) stay whole', async () => {
  const long = lineAt(0, 'ä'.repeat(100_000));
  expect((await readAll(textOf(long, lineAt(1)))).lines).toEqual([long, lineAt(1)]);
});

test('a journal cut off anywhere in its third line gives 2 lines and one remark with the line number', async () => {
  const third = textOf(lineAt(2));
  for (let length = 1; length < third.length - 1; length += 7) {
    const { lines, torn, path } = await readAll(textOf(lineAt(0), lineAt(1)) + third.slice(0, length));
    expect(lines).toHaveLength(2);
    expect(torn).toEqual([`${path}:3: the last line is cut off and was left out`]);
  }
});

test('a last line that lacks nothing but its line break counts', async () => {
  const { lines, torn } = await readAll(textOf(lineAt(0), lineAt(1)).trimEnd());
  expect(lines).toHaveLength(2);
  expect(torn).toEqual([]);
});

test('an empty journal has no lines', async () => {
  expect((await readAll('')).lines).toEqual([]);
});

test.each([
  [
    'a cut off line in the middle',
    `${textOf(lineAt(0))}{"v":1,"sec\n${textOf(lineAt(2))}`,
    'FILE:2: expected a line of JSON; got "{\\"v\\":1,\\"sec"',
  ],
  ['an empty line', `\n${textOf(lineAt(0))}`, 'FILE:1: expected a line of JSON; got ""'],
  ['another version', `${textOf(lineAt(0))}{"v":4}\n`, 'FILE:2: expected a journal line of version 1 to 3; v: '],
  ['a missing number', '{"v":1,"second":0,"atMs":0,"deltas":[]}\n', 'FILE:1: expected a journal line of version 1 to 3; users: '],
])('%s is refused with file and line', async (_, text, message) => {
  const error = await readAll(text).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ConfigError);
  expect((error as ConfigError).message.slice(0, message.length)).toBe(message);
});

test('a journal that is not there is a config error with its path', async () => {
  const path = join(temporaryFolder(), 'none.ndjson');
  await expect(collect(readJournal(path))).rejects.toThrow(`${path}: expected a journal that can be read; got ENOENT`);
});

test('a line of version 1 is read as one of today: its text is events, stages by their words', async () => {
  const old = { v: 1, second: 0, atMs: 1, users: 5, deltas: [], event: 'measuring; adjusted: users 2 → 4; worker 1 was lost' };
  const { lines } = await readAll(`${JSON.stringify(old)}\n${JSON.stringify({ ...old, event: undefined })}\n`);
  expect(lines[0]).toEqual({
    v: 3,
    second: 0,
    atMs: 1,
    users: 5,
    told: [],
    numbers: [],
    deltas: [],
    events: [
      { kind: 'stage', text: 'measuring' },
      { kind: 'change', text: 'adjusted: users 2 → 4' },
      { kind: 'note', text: 'worker 1 was lost' },
    ],
  });
  expect(lines[1]).not.toHaveProperty('events');
});

test('a note of today stays one event, whatever is in it', async () => {
  const note = 'worker 1 was lost; measuring; adjusted: nothing';
  expect((await readAll(textOf(lineAt(0, note)))).lines[0]?.events).toEqual([{ kind: 'note', text: note }]);
});
