import { afterEach, expect, test } from 'vitest';
import { openRemoteWrite } from '../../../runtime/outputs/remote-write.ts';
import { type Sink, startSink } from '../../support/sink.ts';
import { META, twoSeconds } from './a-run.ts';

let sink: Sink | undefined;
afterEach(() => sink?.close());

test('two seconds and the end are three pushes of snappy and protobuf, with name and password', async () => {
  sink = await startSink({ status: 204 });
  const output = await openRemoteWrite(
    { kind: 'prometheus', name: 'p', url: `${sink.url}/write`, auth: { username: 'u', password: 'p' } },
    META,
  );
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual([]);
  expect(sink.seen).toHaveLength(3);
  expect(sink.seen[0]?.headers).toMatchObject({
    'content-type': 'application/x-protobuf',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '0.1.0',
    'user-agent': 'stressrun/0.2.0',
    authorization: `Basic ${btoa('u:p')}`,
  });
  expect(sink.seen.every(({ body }) => body.includes('http_reqs'))).toBe(true);
});

test('a push that is refused with 400 is dropped with the words of the server, and the next ones are sent', async () => {
  sink = await startSink({ status: 400, body: 'out of order sample' });
  const output = await openRemoteWrite({ kind: 'prometheus', name: 'p', url: sink.url, auth: undefined }, META);
  for (const second of twoSeconds()) output.second?.(second);
  expect(await output.close()).toEqual(['13 of 13 points could not be sent and were dropped: it answered 400 out of order sample']);
  expect(sink.seen).toHaveLength(3);
});
