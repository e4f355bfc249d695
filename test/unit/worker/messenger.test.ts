import { expect, test } from 'vitest';
import type { FromWorker } from '../../../runtime/messages/messages.ts';
import { Messenger } from '../../../runtime/worker/messenger.ts';
import type { BuiltRequest } from '../../../runtime/worker/request-builder.ts';
import { sampleOf } from '../measure/http-samples.ts';

function messenger(httpDebug: 'off' | 'failed' | 'all' = 'off') {
  const sent: FromWorker[] = [];
  const it = new Messenger((message) => void sent.push(message), httpDebug);
  return { it, sent, texts: () => sent.flatMap((message) => (message.type === 'log' ? [message.text] : [])) };
}

test.each([
  ['off', []],
  ['failed', ['GET /missing']],
  ['all', ['GET /found', 'GET /missing']],
] as const)('with --http-debug=%s these requests are shown: %j', (httpDebug, shown) => {
  const { it, texts } = messenger(httpDebug);
  const asked = (path: string, isExpected: boolean): void => {
    const built = { request: { method: 'GET', url: `http://target/${path}`, headers: ['x-a', 'b'] } } as unknown as BuiltRequest;
    it.debug(0, built, { outcome: sampleOf({ outcome: { status: isExpected ? 200 : 404 } }).outcome, isExpected });
  };
  asked('found', true);
  asked('missing', false);
  expect(texts().map((text) => /^> (\S+) http:\/\/target(\S+)/.exec(text)?.slice(1, 3).join(' '))).toEqual(shown);
});

test('200 messages of scripts a second go out; how many did not is said in the next, and then there is room again', () => {
  const { it, texts } = messenger();
  for (let i = 0; i < 203; i++) it.log(0, 1, `message ${i}`);
  expect(texts()).toHaveLength(200);
  it.refill();
  expect(texts().at(-1)).toBe('3 messages of scripts dropped: more than 200 a second');
  it.log(0, 1, 'again');
  it.refill();
  expect(texts().slice(201)).toEqual(['again']);
});

test('of a kind of message that is sent first the coordinator hears one; each question is answered under its own number, once', () => {
  const { it, sent } = messenger();
  for (const text of ['a', 'b']) it.sendFirst({ type: 'aborted', reason: text } as unknown as FromWorker);
  expect(sent).toHaveLength(1);
  const answers: unknown[] = [];
  const ids: number[] = [];
  const ask = (): void =>
    it.ask<string>(
      (id) => {
        ids.push(id);
        return { type: 'clock' } as unknown as FromWorker;
      },
      (answer) => void answers.push(answer),
    );
  expect(it.isAsking).toBe(false);
  ask();
  ask();
  expect([it.isAsking, new Set(ids).size]).toEqual([true, 2]);
  it.answered(ids[1] as number, 'second');
  it.answered(ids[1] as number, 'second again');
  it.answered(ids[0] as number, 'first');
  expect([answers, it.isAsking]).toEqual([['second', 'first'], false]);
});
