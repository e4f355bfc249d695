import { connect } from 'node:net';
import sharp from 'sharp';
import { afterEach, expect, test } from 'vitest';
import { inspectBase64 } from '../../../runtime/image/inspect.ts';
import { renderOne } from '../../../runtime/image/render.ts';
import { formOf, type MultipartField } from '../../../runtime/picture/multipart.ts';
import type { EncodedPicture } from '../../../runtime/picture/picture.ts';
import { resolveImageSpec } from '../../../runtime/picture/spec.ts';
import { parseTargetOptions, type RawTargetOptions } from '../../../runtime/target/options.ts';
import { type RunningTarget, startTarget } from '../../../runtime/target/server.ts';

const running: RunningTarget[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((target) => target.close()));
});

async function started(raw: RawTargetOptions = {}): Promise<RunningTarget> {
  const target = await startTarget(parseTargetOptions({ port: 0, ...raw }));
  running.push(target);
  return target;
}

const drawn = (size: object = {}): Promise<EncodedPicture> =>
  renderOne(resolveImageSpec('image.pool', { width: 640, height: 480, ...size }), 11, 0);
const fileField = (bytes: Buffer, name = 'file'): MultipartField => ({
  name,
  value: { filename: 'photo.jpg', contentType: 'image/jpeg', bytes },
});

function post(target: RunningTarget, fields: MultipartField[], query = ''): Promise<Response> {
  const { body, contentType } = formOf(fields);
  return fetch(`${target.url}/predict${query}`, { method: 'POST', body, headers: { 'content-type': contentType } });
}
const errorOf = async (response: Response): Promise<[number, string]> => [
  response.status,
  ((await response.json()) as { error: string }).error,
];

/** Polls the server's own record; a client that leaves is noticed a moment later. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('GET /health answers 200 and {"status":"ok"} as JSON', async () => {
  const target = await started();
  const response = await fetch(`${target.url}/health`);
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    200,
    'application/json',
    '{"status":"ok"}',
  ]);
});

test.each([
  [640, 480],
  [1920, 1080],
])('POST /predict with a scene of %ix%i answers exactly its objects and no image', async (width, height) => {
  const target = await started();
  const picture = await drawn({ width, height });
  const answer = (await (await post(target, [fileField(picture.bytes)], '?return_image=false')).json()) as {
    predictions: { class: string }[];
  };
  expect(Object.keys(answer)).toEqual(['predictions']);
  expect(answer.predictions.map((prediction) => prediction.class).sort()).toEqual(picture.objects.map((object) => object.class).sort());
});

test('return_image=true adds a jpeg of 640x480 that differs from the one sent', async () => {
  const target = await started();
  const { bytes } = await drawn();
  const answer = (await (await post(target, [fileField(bytes)], '?return_image=true')).json()) as { image: string };
  expect(await inspectBase64(answer.image)).toMatchObject({ ok: true, format: 'jpeg', width: 640, height: 480 });
  const [sent, returned] = [await sharp(bytes).raw().toBuffer(), await sharp(Buffer.from(answer.image, 'base64')).raw().toBuffer()];
  let changed = 0;
  for (let at = 0; at < sent.length; at++) if (Math.abs((sent[at] as number) - (returned[at] as number)) > 60) changed++;
  expect(changed).toBeGreaterThan(1000);
});

test('a form with 2 text fields and another file before the picture is understood', async () => {
  const target = await started();
  const { bytes } = await drawn();
  const fields: MultipartField[] = [
    { name: 'model', value: 'v1' },
    fileField(Buffer.from('x'), 'mask'),
    { name: 'top', value: '5' },
    fileField(bytes),
  ];
  expect((await post(target, fields)).status).toBe(200);
});

test('bad forms are answered 400 or 415 and say what was expected', async () => {
  const target = await started();
  const { bytes } = await drawn();
  const url = `${target.url}/predict`;
  expect(await errorOf(await post(target, [{ name: 'model', value: 'v1' }, fileField(bytes, 'photo')]))).toEqual([
    400,
    'expected a picture as a file in the field "file", or several in "files"; got model (text), photo',
  ]);
  expect(await errorOf(await post(target, [{ name: 'file', value: 'text' }]))).toEqual([
    400,
    'expected a picture as a file in the field "file", or several in "files"; got file (text)',
  ]);
  expect(await errorOf(await post(target, [fileField(Buffer.alloc(0))]))).toEqual([
    400,
    'expected a picture as a file in the field "file", or several in "files"; got an empty file',
  ]);
  expect(await errorOf(await post(target, [fileField(bytes)], '?return_image=yes'))).toEqual([
    400,
    'return_image: expected true or false; got "yes"',
  ]);
  const text = await fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'text/plain' } });
  expect(await errorOf(text)).toEqual([415, 'expected multipart/form-data or application/json; got text/plain']);
  const noBoundary = await fetch(url, { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } });
  expect(await errorOf(noBoundary)).toEqual([400, 'expected multipart/form-data with a boundary: Multipart: Boundary not found']);
});

test('several pictures in "files", or as JSON, are answered one by one in their order; one alone as ever', async () => {
  const target = await started();
  const pictures = await Promise.all([0, 1].map((i) => renderOne(resolveImageSpec('image.pool', { width: 640, height: 480 }), 11, i)));
  const postJson = (body: unknown) =>
    fetch(`${target.url}/predict`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });
  const counts = async (response: Response) =>
    ((await response.json()) as { results: { predictions: unknown[] }[] }).results.map(({ predictions }) => predictions.length);
  const expected = pictures.map(({ objects }) => objects.length);
  const [first, second] = pictures.map(({ bytes }) => bytes) as [Buffer, Buffer];
  expect(await counts(await post(target, [fileField(first, 'files'), fileField(second, 'files')]))).toEqual(expected);
  const images = [first.toString('base64'), `data:image/jpeg;base64,${second.toString('base64')}`];
  expect(await counts(await postJson({ images }))).toEqual(expected);
  expect(((await (await postJson({ image: images[1] })).json()) as { predictions: unknown[] }).predictions).toHaveLength(
    expected[1] as number,
  );
  for (const wrong of [{}, [], null, { image: 5 }, { images: [] }, { images: ['', images[0]] }, { images: Array(21).fill(images[0]) }])
    expect(await errorOf(await postJson(wrong))).toEqual([400, expect.stringContaining('expected { "image": a picture in base64')]);
  const broken = await fetch(`${target.url}/predict`, { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } });
  expect((await errorOf(broken))[0]).toBe(400);
});

test.each([0, 10, 0.5, 0.999])('a form cut off after %d (a share below 1, else bytes) is answered 400', async (cut) => {
  const target = await started();
  const { body, contentType } = formOf([fileField((await drawn()).bytes)]);
  const part = body.subarray(0, cut < 1 ? body.length * cut : cut);
  const response = await fetch(`${target.url}/predict`, { method: 'POST', body: part, headers: { 'content-type': contentType } });
  expect(response.status).toBe(400);
});

test('files that are no usable picture are answered 415, 422 and 413', async () => {
  const target = await started();
  const { bytes } = await drawn();
  expect(await errorOf(await post(target, [fileField(Buffer.from('this is only a text'))]))).toEqual([
    415,
    'not a jpeg, png, webp, gif, avif or tiff picture',
  ]);
  expect((await post(target, [fileField(bytes.subarray(0, bytes.length / 2))])).status).toBe(422);
  expect((await post(target, [fileField(bytes.subarray(0, bytes.length / 2))], '?return_image=true')).status).toBe(422);
  const black = { r: 0, g: 0, b: 0 };
  const vast = await sharp({ create: { width: 10_000, height: 6401, channels: 3, background: black } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  expect(await errorOf(await post(target, [fileField(vast)]))).toEqual([413, '10000x6401 is over 64 million pixels']);
});

test('a file of 25 MB + 1 byte is answered 413, and the connection serves the next request', async () => {
  const target = await started();
  const response = await post(target, [fileField(Buffer.alloc(25_000_001))]);
  expect(await errorOf(response)).toEqual([413, 'expected a file of at most 25 MB']);
  expect((await post(target, [fileField((await drawn()).bytes)])).status).toBe(200);
});

test('unknown paths are 404, wrong methods 405 with Allow', async () => {
  const target = await started();
  expect(await errorOf(await fetch(`${target.url}/predictions`))).toEqual([
    404,
    'expected /health, /predict, /login, /jobs, /jobs/{id}, /stats, /stats/reset, /events, /video, /v1/chat/completions; got /predictions',
  ]);
  const response = await fetch(`${target.url}/predict`);
  expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  expect((await fetch(`${target.url}/health`, { method: 'HEAD' })).status).toBe(200);
});

test('the record counts routes, statuses, kinds and sizes, and starts again after a reset', async () => {
  const target = await started();
  const { bytes } = await drawn();
  await (await fetch(`${target.url}/health`)).text();
  await (await fetch(`${target.url}/nothing`)).text();
  await (await post(target, [fileField(bytes)])).text();
  await (await post(target, [fileField(bytes)], '?return_image=true')).text();
  await (await post(target, [])).text();
  const stats = (await (await fetch(`${target.url}/stats`)).json()) as ReturnType<RunningTarget['stats']>;
  expect(stats.requests).toEqual({ 'GET /health': { 200: 1 }, other: { 404: 1 }, 'POST /predict': { 200: 2, 400: 1 } });
  expect([stats.predictsMs['no_image']?.count, stats.predictsMs['with_image']?.count, stats.sizesMs['640x480']?.count]).toEqual([1, 1, 2]);
  expect(stats.serviceTimesMs['POST /predict']).toMatchObject({ count: 3 });
  expect([stats.inFlight, stats.queued, stats.aborted]).toEqual([0, 0, 0]);
  expect((await fetch(`${target.url}/stats/reset`, { method: 'POST' })).status).toBe(200);
  expect(target.stats().requests['POST /predict']).toBeUndefined();
});

test('with 1 slot taken and 1 prediction in a queue of 1, the third is answered 503', async () => {
  const target = await started({ slots: 1, queue: 1, latency: '1h' });
  const { bytes } = await drawn();
  const cutOff = [post(target, [fileField(bytes)])];
  await until(() => target.stats().inFlight === 1);
  cutOff.push(post(target, [fileField(bytes)]));
  await until(() => target.stats().queued === 1);
  const third = await post(target, [fileField(bytes)]);
  expect([third.headers.get('retry-after'), ...(await errorOf(third))]).toEqual(['1', 503, 'every slot is taken and the queue is full']);
  await target.close();
  expect((await Promise.allSettled(cutOff)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
});

test('a client that leaves the queue is counted as aborted, and its place is free again', async () => {
  const target = await started({ slots: 1, queue: 1, latency: '1h' });
  const { body, contentType } = formOf([fileField((await drawn()).bytes)]);
  const leaving = [new AbortController(), new AbortController()] as const;
  const [working, waiting] = leaving.map(({ signal }) =>
    fetch(`${target.url}/predict`, { method: 'POST', body, headers: { 'content-type': contentType }, signal }).catch(() => 'left'),
  );
  await until(() => target.stats().inFlight === 1 && target.stats().queued === 1);
  leaving[1].abort();
  expect(await waiting).toBe('left');
  await until(() => target.stats().queued === 0);
  leaving[0].abort();
  expect(await working).toBe('left');
  await until(() => target.stats().inFlight === 0);
  expect(target.stats().aborted).toBe(2);
});

test('a client that leaves in the middle of its upload leaves nothing behind', async () => {
  const target = await started();
  const { body, contentType } = formOf([fileField((await drawn()).bytes)]);
  const socket = connect(target.port, '127.0.0.1');
  socket.write(`POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: ${contentType}\r\ncontent-length: ${body.length}\r\n\r\n`);
  socket.write(body.subarray(0, 1000), () => socket.destroy());
  await until(() => target.stats().aborted === 1);
  expect(target.stats()).toMatchObject({ inFlight: 0, queued: 0, requests: {} });
  expect((await fetch(`${target.url}/health`)).status).toBe(200);
});

test('an error rate of 50 % with seed 3 fails the same predictions of 12 each time, and 100 % all', async () => {
  const picture = await drawn({ width: 64, height: 64 });
  const statusesOf = async (raw: RawTargetOptions): Promise<number[]> => {
    const target = await started(raw);
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await post(target, [fileField(picture.bytes)])).status);
    return statuses;
  };
  const first = await statusesOf({ errorRate: '50%', seed: 3 });
  expect(await statusesOf({ errorRate: '50%', seed: 3 })).toEqual(first);
  expect(new Set(first)).toEqual(new Set([200, 500]));
  expect(new Set(await statusesOf({ errorRate: '100%' }))).toEqual(new Set([500]));
});

test('during a cold start of 1 h health and predictions are answered 503 with Retry-After: 3600', async () => {
  const target = await started({ coldStart: '1h' });
  const health = await fetch(`${target.url}/health`);
  expect([health.headers.get('retry-after'), ...(await errorOf(health))]).toEqual(['3600', 503, 'the model is loading']);
  expect((await post(target, [fileField((await drawn()).bytes)])).status).toBe(503);
});

test('Server-Timing has 4 parts when asked for, and the delay of 30 ms is in inference', async () => {
  const { bytes } = await drawn();
  expect((await post(await started(), [fileField(bytes)])).headers.get('server-timing')).toBeNull();
  const header = (await post(await started({ serverTiming: true, latency: '30ms' }), [fileField(bytes)])).headers.get('server-timing');
  const match = /^queue;dur=[\d.]+, preprocess;dur=[\d.]+, inference;dur=([\d.]+), postprocess;dur=[\d.]+$/.exec(header ?? '');
  expect(Number(match?.[1])).toBeGreaterThanOrEqual(29); // a timer may fire up to 1 ms early
});

test('a port in use is refused with its number', async () => {
  const { port } = await started();
  await expect(startTarget(parseTargetOptions({ port }))).rejects.toThrow(`--port: expected a free port; ${port} on 127.0.0.1 is in use`);
});

test('close ends a prediction that would take 1 h', async () => {
  const target = await started({ latency: '1h' });
  const pending = post(target, [fileField((await drawn()).bytes)]).catch(() => 'ended');
  await until(() => target.stats().inFlight === 1);
  await target.close();
  expect(await pending).toBe('ended');
  await until(() => target.stats().inFlight === 0);
});
