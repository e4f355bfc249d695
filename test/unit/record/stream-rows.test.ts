import { expect, test } from 'vitest';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { streamRows } from '../../../runtime/record/stream-rows.ts';
import { renderMarkdown } from '../../../runtime/report/markdown.ts';
import { paintOf } from '../../../runtime/report/paint.ts';
import { streamSection as consoleSection } from '../../../runtime/report/stream-section.ts';
import { shownRun } from '../../../runtime/views/shown-run.ts';
import { streamSection } from '../../../runtime/views/stream-section.ts';
import { type Streamed, sse, stream } from '../measure/streamed.ts';
import { passedReport } from '../report/simulated.ts';

const token = (text: string): string => sse(JSON.stringify({ choices: [{ delta: { content: text } }] }));

/** Due at 0 and sent at 10 ms: the first token at 50, 20 ms between two, 3 tokens. */
const CHAT: Streamed = {
  plan: { as: 'openai-chat', stallAfter: 100_000, goals: { firstToken: 60_000 } },
  dueMs: 0,
  sentMs: 10,
  reads: [
    [50, token('a')],
    [70, token('b')],
    [90, token('c') + sse('[DONE]')],
  ],
  endedMs: 91,
};

const STREAMS: readonly Streamed[] = [
  CHAT,
  { ...CHAT, reads: CHAT.reads.map(([atMs, text]) => [atMs + 20, text] as const), endedMs: 111 }, // first token at 70
  { ...CHAT, reads: CHAT.reads.slice(0, 2), kind: 'timeout', endedMs: 500 }, // stalls and is cut off
  { ...CHAT, reads: [], kind: 'timeout', endedMs: 500 },
  { name: '/whole', dueMs: 0, sentMs: 0, reads: [[300, sse('1', '2', '3', '4')]], endedMs: 301 },
];

function rows() {
  const registry = new MetricRegistry();
  for (const each of STREAMS) stream(registry, each);
  const store = new MetricStore();
  store.merge(0, registry.drain());
  return streamRows(store);
}

test('a row for each request: what came of its streams, when they began, how evenly they came', () => {
  const [chat, whole] = rows();
  expect(chat).toMatchObject({
    ...{ task: 'ask', method: 'POST', name: '/chat', streams: 3, brokenOff: 1, withoutEvent: 1 },
    firstEventMs: { min: 50, max: 70 }, // of the two that came to their end
    firstTokenMs: { min: 50, max: 70 },
    gapMs: { min: 0, max: 20 },
    tokenGapMs: { min: 20, max: 20 },
    ...{ events: 10, tokens: 8, stalls: 1, goodRatio: 0.25, replayedRatio: 0 },
  });
  expect(chat?.tokensPerSecond).toBeCloseTo(50, 0);
  expect(whole).toMatchObject({
    ...{ name: '/whole', streams: 1, brokenOff: 0, withoutEvent: 0, firstTokenMs: null, tokenGapMs: null },
    ...{ events: 4, tokens: null, stalls: null, eventsPerSecond: null, goodRatio: null, replayedRatio: 1 },
  });
  expect(streamRows(new MetricStore())).toEqual([]);
});

test('the console, Markdown and the pages tell of them in two tables', () => {
  const run = { ...passedReport, streams: rows() };
  expect(consoleSection({ run, paint: paintOf(false), columns: 120 }).join('\n')).toMatchInlineSnapshot(`
    "Streams
      event, token: to the first of each, from due; broken: failed after it or cut off; silent: cut off before it
      name    streams  broken  silent  event p50  event p95  token p50  token p95  events/s  tokens/s  good  replayed
      ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
      /chat         3       1       1       50ms       70ms       50ms       70ms      66.7        50   25%
      /whole        1       0              300ms      300ms          –          –         –         –     –      100%

    Gaps of streams
      name    between   p50   p95   p99   max  stalls
      ───────────────────────────────────────────────
      /chat   events   20ms  20ms  20ms  20ms       1
      /chat   tokens   20ms  20ms  20ms  20ms       –
      /whole  events    0ms   0ms   0ms   0ms       –"
  `);
  const markdown = renderMarkdown(run);
  expect(markdown.slice(markdown.indexOf('| Streams'), markdown.indexOf('| Gaps'))).toMatchInlineSnapshot(`
    "| Streams | streams | broken | silent | event p50 | event p95 | token p50 | token p95 | events/s | tokens/s | good | replayed |
    | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
    | \`/chat\` | 3 | 1 | 1 | 50ms | 70ms | 50ms | 70ms | 66.7 | 50 | 25% |  |
    | \`/whole\` | 1 | 0 |  | 300ms | 300ms | – | – | – | – | – | 100% |

    event, token: to the first of each, from due; broken: failed after it or cut off; silent: cut off before it.

    "
  `);
  const { blocks } = streamSection(shownRun(run));
  const [words, table, , gaps] = blocks;
  expect(words).toMatchObject({ kind: 'words', text: expect.stringMatching(/^First events .* Broken off: .* Goodput: .* Replayed: /) });
  expect(table).toMatchObject({ table: { title: 'Streams', rows: { length: 2 } } });
  expect(gaps).toMatchObject({ table: { title: 'Gaps', rows: { length: 3 } } });
  expect(JSON.stringify(table)).toContain('{"text":"100%","looks":"bad-text"}');
  expect(streamSection(shownRun(passedReport)).blocks).toEqual([]);
});
