import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const RUNTIME = resolve(import.meta.dirname, '../../../runtime');
/** What a decision may be about: a room of the runtime, or what stands beside it. */
const rooms = [
  ...readdirSync(RUNTIME, { withFileTypes: true }).flatMap((each) => (each.isDirectory() ? [each.name] : [])),
  'bench',
  'test',
];

interface Decision {
  readonly number: number;
  readonly title: string;
  readonly rooms: readonly string[];
  readonly status: string;
  /** Numbers of those that overturned it. */
  readonly by: readonly number[];
}

const STATUS = /^- Rooms: (?<rooms>[a-z-]+(?:, [a-z-]+)*) · (?<status>holds|(?:in part )?overturned by (?<by>\d+(?:, \d+)*))(?:: .+)?$/m;

const [, ...entries] = readFileSync(join(RUNTIME, 'DECISIONS.md'), 'utf8').split(/^## /m);
const decisions = entries.map((entry): Decision => {
  const [, number = '', title = ''] = /^(\d+)\. (.+)\n/.exec(entry) ?? [];
  const groups = STATUS.exec(entry)?.groups ?? {};
  return {
    number: Number(number),
    title: title === '' ? (entry.split('\n')[0] ?? '') : title,
    rooms: groups['rooms']?.split(', ') ?? [],
    status: groups['status'] ?? '',
    by: groups['by']?.split(', ').map(Number) ?? [],
  };
});

/** All decisions below the first room that each is about, the newest first. */
function indexByRoom(): string {
  const sorted = [...decisions].sort((a, b) => (a.rooms[0] ?? '').localeCompare(b.rooms[0] ?? '') || b.number - a.number);
  const rows = [
    ['room', 'no.', 'decision', 'status', 'also about'],
    ...sorted.map(({ number, title, status, rooms: [room = '', ...others] }) => [room, `${number}`, title, status, others.join(', ')]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lineOf = (cells: readonly string[]): string => `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = rows;
  const table = [lineOf(head), lineOf(widths.map((width) => '-'.repeat(width))), ...body.map(lineOf)].join('\n');
  return `# Decisions by room\n\nMade from [DECISIONS.md](DECISIONS.md) by \`npm run test:golden\`; \`## 35.\` is the place of number 35 there.\n\n${table}\n`;
}

test('decisions are numbered from 1 up, the newest first, and none is missing or there twice', () => {
  expect(decisions.map(({ number }) => number)).toEqual(decisions.map((_, i) => decisions.length - i));
});

test.each(decisions)(
  'decision $number, "$title", says which rooms it is about and whether it holds, or which later one overturned it',
  (decision) => {
    expect(decision.status).not.toBe('');
    expect(decision.rooms.filter((room) => !rooms.includes(room))).toEqual([]);
    expect(decision.by.filter((number) => number <= decision.number || number > decisions.length)).toEqual([]);
  },
);

test('the index by room has them all, as they stand', async () => {
  await expect(indexByRoom()).toMatchFileSnapshot(join(RUNTIME, 'decisions-by-room.md'));
});
