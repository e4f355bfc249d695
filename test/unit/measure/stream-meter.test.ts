import { expect, test } from 'vitest';
import { MetricRegistry } from '../../../runtime/measure/registry.ts';
import { MetricStore } from '../../../runtime/record/store.ts';
import { type Streamed, sse, stream } from './streamed.ts';

/** What a worker has recorded of these streams: of a trend count, lowest and highest in its recording unit, of a counter its sum, of a rate passes and count. */
function recordOf(streams: readonly Streamed[]) {
  const registry = new MetricRegistry();
  const ended = streams.map((each) => stream(registry, each));
  const store = new MetricStore();
  store.merge(0, registry.drain());
  const trend = (metric: string, tags = {}) => {
    const found = store.trend(metric, { tags });
    return found === undefined ? undefined : [found.count, Math.round(found.min), Math.round(found.max)];
  };
  const rate = (metric: string) => {
    const found = store.rate(metric);
    return found === undefined ? undefined : [found.passes, found.count];
  };
  return { ended, store, trend, rate, sum: (metric: string) => store.counter(metric)?.sum };
}

const chunk = (delta: object, finish_reason: string | null = null): string =>
  JSON.stringify({ choices: [{ index: 0, delta, finish_reason }] });
const USAGE = JSON.stringify({ choices: [], usage: { completion_tokens: 4 } });

/** Due at 1,000, sent at 1,020 ms; three pieces with text that the server counts as four tokens. */
const CHAT: Streamed = {
  plan: { as: 'openai-chat', stallAfter: 50_000 },
  dueMs: 1_000,
  sentMs: 1_020,
  reads: [
    [1_100, sse(chunk({ role: 'assistant', content: '' }))], // a role is no token
    [1_300, sse(chunk({ content: 'two ' }))],
    [1_340, sse(chunk({ content: 'red ' }))],
    [1_400, sse(chunk({ content: 'cats, four' }))],
    [1_401, sse(chunk({}, 'stop'), USAGE)], // one read: the gap between the two is 0
    [1_402, sse('[DONE]')],
  ],
  endedMs: 1_403,
};

test('a chat by hand: first token from sent and from due, every gap between tokens, time per token by the count of the server', () => {
  const { trend, sum, ended } = recordOf([CHAT]);
  expect(ended[0]?.failure).toBeUndefined();
  expect({
    firstEvent: [trend('stream_first_event'), trend('stream_first_event_due')],
    firstToken: [trend('stream_first_token'), trend('stream_first_token_due')],
    gaps: [trend('stream_gap'), trend('stream_token_gap')],
    perToken: trend('stream_time_per_token'),
    tokens: [sum('stream_tokens'), trend('stream_token_rate')],
    events: [sum('stream_events'), trend('stream_event_rate'), trend('stream_duration')],
    stalls: sum('stream_stalls'),
  }).toEqual({
    firstEvent: [
      [1, 80_000, 80_000],
      [1, 100_000, 100_000],
    ],
    firstToken: [
      [1, 280_000, 280_000],
      [1, 300_000, 300_000],
    ],
    gaps: [
      [6, 0, 200_000], // 200, 40, 60, 1, 0, 1 ms
      [2, 40_000, 60_000],
    ],
    perToken: [1, 33_333, 33_333], // (1,400 − 1,300) ÷ (4 − 1)
    tokens: [4, [1, 30, 30]], // 3 after the first in 100 ms
    events: [7, [1, 20, 20], [1, 382_000, 382_000]], // 6 after the first in 302 ms
    stalls: 2, // 200 and 60 ms
  });
});

test('without usage a piece with text is a token, and of one token there is neither a gap nor a time per token', () => {
  const one: Streamed = { ...CHAT, reads: [CHAT.reads[1] as [number, string], [1_350, sse(chunk({}, 'stop'), '[DONE]')]], endedMs: 1_351 };
  const { trend, sum, ended } = recordOf([one]);
  expect(ended[0]?.figures.tokens).toMatchObject({ count: 1, isCounted: false });
  expect(sum('stream_tokens')).toBe(1);
  for (const metric of ['stream_token_gap', 'stream_time_per_token', 'stream_token_rate']) expect(trend(metric)).toBeUndefined();
});

const told = (type: string, more: object = {}): string => JSON.stringify({ type, ...more });
const responses = (...last: (readonly [number, string])[]): Streamed => ({
  plan: { as: 'openai-responses' },
  name: '/v1/responses',
  dueMs: 0,
  sentMs: 10,
  reads: [
    [20, sse(told('response.created'), told('response.in_progress'), told('response.output_item.added'))],
    [110, sse(told('response.reasoning_summary_text.delta', { delta: 'hm' }))],
    [130, sse(told('response.output_text.delta', { delta: 'two ' }))],
    [170, sse(told('response.output_text.delta', { delta: 'cats' }))],
    ...last,
  ],
  endedMs: 200,
});

test('responses: deltas of text and of reasoning are tokens, response.completed ends them and has the count', () => {
  const done = [180, sse(told('response.output_text.done', { text: 'two cats' }))] as const;
  const completed = [181, sse(told('response.completed', { response: { usage: { output_tokens: 7 } } }))] as const;
  const { trend, sum, ended } = recordOf([responses(done, completed)]);
  expect([ended[0]?.failure, ended[0]?.text]).toEqual([undefined, 'hmtwo cats']);
  expect([trend('stream_first_event'), trend('stream_first_token'), trend('stream_first_token_due')]).toEqual([
    [1, 10_000, 10_000],
    [1, 100_000, 100_000],
    [1, 110_000, 110_000],
  ]);
  expect([trend('stream_token_gap'), trend('stream_time_per_token')]).toEqual([
    [2, 20_000, 40_000],
    [1, 10_000, 10_000], // 60 ms ÷ (7 − 1)
  ]);
  expect([sum('stream_tokens'), trend('stream_token_rate')]).toEqual([7, [1, 100, 100]]);
});

test.each([
  ['response.incomplete', { response: { usage: { output_tokens: 3 } } }, undefined],
  ['response.failed', { response: { error: { message: 'out of memory' } } }, /out of memory/],
  ['error', { message: 'overloaded' }, /overloaded/],
  ['response.output_text.done', {}, /without response\.completed or response\.incomplete/],
])('responses that end with %s', (type, more, reason) => {
  const { ended } = recordOf([responses([190, sse(told(type, more))])]);
  const { figures, failure } = ended[0] as (typeof ended)[number];
  if (reason === undefined) expect([failure, figures.tokens?.count]).toEqual([undefined, 3]);
  else expect(failure?.error).toMatch(reason);
});

const GOALS = { firstToken: 300_000, perToken: 40_000 };

test.each([
  ['both kept, to the µs', CHAT, GOALS, [1, 1]],
  ['a first token later than its goal, from due', CHAT, { firstToken: 299_999 }, [0, 1]],
  ['a time per token over its goal', CHAT, { perToken: 33_333 }, [0, 1]],
  ['a goal of which nothing is known', { ...CHAT, reads: CHAT.reads.slice(4) }, GOALS, [0, 1]],
  ['cut off', { ...CHAT, reads: CHAT.reads.slice(0, 3), kind: 'interrupted' } as Streamed, GOALS, [0, 1]],
  ['no goals', CHAT, undefined, undefined],
])('goodput: %s', (_, of, goals, wanted) => {
  const { rate } = recordOf([{ ...of, plan: { ...of.plan, ...(goals === undefined ? {} : { goals }) } }]);
  expect(rate('stream_good')).toEqual(wanted);
});

test('what a stream still waited for when it was cut off is kept as long as it had waited', () => {
  const cut = (reads: Streamed['reads'], kind: 'timeout' | 'interrupted'): Streamed => ({ ...CHAT, reads, kind, endedMs: 3_000 });
  const { trend, sum } = recordOf([
    cut([], 'timeout'), // no event: since it was due
    cut(CHAT.reads.slice(0, 1), 'timeout'), // an event, no token
    cut(CHAT.reads.slice(0, 3), 'interrupted'), // two tokens: since the last
    cut(CHAT.reads, 'timeout'), // all tokens, and an end that did not come
  ]);
  const waited = (before: string) => trend('stream_cut_off', { before });
  expect([waited('stream_first_event_due'), waited('stream_first_token_due')]).toEqual([
    [1, 2_000_000, 2_000_000],
    [2, 2_000_000, 2_000_000],
  ]);
  expect([waited('stream_gap'), waited('stream_token_gap')]).toEqual([
    [3, 1_598_000, 1_900_000], // since 1,402, 1,340 and 1,100 ms
    [1, 1_660_000, 1_660_000],
  ]);
  expect(sum('stream_stalls')).toBe(0 + 1 + 2 + 3); // each with the one that it was cut off in
});

test('what the generator was away before the first event is kept beside its time, from due and from sent', () => {
  // away for 15 ms before it was sent, 3 ms of sending, 2 ms until the first byte was read; what it was away later says nothing of a first event
  const hop = { blockedUs: 10_000, sendingUs: 3_000, waitingUs: 2_000, receivingUs: 50_000 };
  const own = { totalUs: 5_000 + 10_000 + 3_000 + 2_000 + 50_000, isInBurst: false, hops: [hop] };
  const { trend } = recordOf([{ ...CHAT, own }]);
  const rest = (of: string) => trend('stalled_samples_rest', { of });
  expect([rest('stream_first_event_due'), rest('stream_first_event')]).toEqual([
    [1, 80_000, 80_000], // 100 − 20
    [1, 75_000, 75_000], // 80 − 5
  ]);
  expect([rest('stream_first_token_due'), rest('stream_gap')]).toEqual([[1, 280_000, 280_000], undefined]);
  const silent = recordOf([{ ...CHAT, reads: [], kind: 'timeout', endedMs: 1_500, own }]);
  expect(silent.trend('stalled_samples_rest', { of: 'stream_cut_off', before: 'stream_first_event_due' })).toEqual([1, 480_000, 480_000]);
});

test('events and tokens of a single moment have no rate', () => {
  const at = { plan: { as: 'openai-chat' }, dueMs: 1_000, sentMs: 1_000, endedMs: 1_200 } as const;
  const words = sse(chunk({ content: 'two ' }), chunk({ content: 'cats' }, 'stop'), '[DONE]');
  const { trend, sum } = recordOf([{ ...at, reads: [[1_100, words]] }]);
  expect([sum('stream_events'), sum('stream_tokens')]).toEqual([3, 2]);
  expect([trend('stream_event_rate'), trend('stream_token_rate')]).toEqual([undefined, undefined]);
});
