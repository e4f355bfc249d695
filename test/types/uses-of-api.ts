// What scripts may and may not write. Compiled by script-api.test.ts as a user's project would; nothing here runs.
import type { Bytes, DataSet, Embedded, Hooks, ImagePool, Inspection, Options, Picture, Response, SceneObject } from 'stressrun';
import {
  bytes,
  check,
  config,
  data,
  env,
  environment,
  fail,
  group,
  http,
  image,
  log,
  metrics,
  mix,
  pace,
  random,
  scenario,
  sleep,
  test,
  until,
  vu,
  wait,
} from 'stressrun';

/** Compiles only when `Actual` is exactly `Expected`: neither wider nor narrower, and not `any`. */
type Same<Actual, Expected> = (<T>() => T extends Actual ? 1 : 2) extends <T>() => T extends Expected ? 1 : 2 ? true : false;
function same<_Proof extends true>(): void {}

export async function requests(pool: ImagePool): Promise<void> {
  const res = await http.get('/health');
  same<Same<typeof res, Response>>();
  same<Same<typeof res.status, number>>();
  same<Same<typeof res.timings.waiting, number>>();
  const typed = res.json<string>('status');
  same<Same<typeof typed, string>>();
  await http.post('/predict', {
    query: { return_image: true, tag: ['a', 'b'], none: undefined },
    multipart: { file: pool.next(), name: 'x', n: 1 },
  });
  await http.put('/x', { json: { a: [1, null] }, headers: { 'x-id': 5 }, auth: { token: 'x' }, timeout: '5s', expect: [200, '400-404'] });
  await http.patch('/x', {
    form: { a: 1, b: ['x', true] },
    auth: { user: 'a', password: 'b' },
    redirects: 0,
    discard: true,
    expectContinue: '500ms',
    compression: 'zstd',
  });
  await http.request('PURGE', http.url`/items/${5}`, { auth: false, body: pool.at(0), tags: { kind: 'purge' }, name: 'purge' });
  const jar = http.cookieJar();
  jar.set('/', 'a', 'b', { path: '/x', maxAge: '1h', secure: true });
  const values: string[] | undefined = jar.cookiesForURL('/')['a'];
  jar.delete('/', values?.[0] ?? '');
  jar.clear('/');
  const answers = await http.batch(['/a', http.url`/b/${'x'}`, ['POST', '/c', { body: 'text' }], { url: '/d', options: { timeout: 5 } }]);
  same<Same<typeof answers, Response[]>>();

  const last = await http.retry((attempt) => http.get('/x', { tags: { attempt: String(attempt) } }), {
    attempts: 5,
    on: (r) => !r.ok,
    max: '9s',
  });
  const job = await until(
    () => http.get('/x'),
    (r) => r.json('done') === true,
    { every: '1s', timeout: 60 },
  );
  same<Same<[typeof last, typeof job], [Response, Response]>>();
  await wait('1s', 2);
  last.fail('wrong');

  // @ts-expect-error: until wants to know when
  await until(() => http.get('/x'));
  // @ts-expect-error: an option that does not exist
  await http.get('/x', { retries: 3 });
  // @ts-expect-error: a header is no object
  await http.get('/x', { headers: { a: {} } });
  await http.post('/x', { multipart: { file: pool }, expect: async (r) => r.status === 200 && (await image.inspect(r)).ok });
  // @ts-expect-error: multipart takes pictures, pools and plain values
  await http.post('/x', { multipart: { file: {} } });
  // @ts-expect-error: a URL is a text or a template
  await http.get(5);
  // @ts-expect-error: there is no such method
  await http.fetch('/x');
  // @ts-expect-error: the answer is a promise
  http.get('/x').status;
  // @ts-expect-error: what came cannot be changed
  res.status = 5;
}

export async function checks(res: Response): Promise<void> {
  const plain = check(res, { 'is 200': (r) => r.status === 200, 'any value': (r) => r.json('x') });
  same<Same<typeof plain, boolean>>();
  const mixed = check(res, { 'is 200': (r) => r.status === 200, later: async (r) => r.ok });
  same<Same<typeof mixed, Promise<boolean>>>();
  await mixed;
  const throwing = check(1, {
    never: (n) => {
      throw new Error(n.toFixed());
    },
  });
  same<Same<typeof throwing, boolean>>();
  const named: boolean = check<number>(1, { positive: (n) => n > 0 });
  log.info(named);

  // @ts-expect-error: a predicate is a function
  check(res, { 'is 200': res.status === 200 });
  // @ts-expect-error: it is given the value that is checked
  check(res, { wrong: (r: number) => r > 0 });
  // @ts-expect-error: with an async predicate the result is no boolean
  const wrong: boolean = check(res, { later: async (r) => r.ok });
  log.info(wrong);
}

export async function images(res: Response): Promise<void> {
  const pool = image.pool({ width: 640, height: 480, format: 'webp', quality: 80, content: 'noise', variants: 4, unique: 'pixels' });
  same<Same<typeof pool, ImagePool>>();
  const sized = image.pool(config.image_sizes['standard'] ?? { width: 1, height: 1 });
  const picture = image.folder('photos/*.jpg', { resize: { width: 1, height: 1 } }).at(sized.size);
  same<Same<typeof picture, Picture>>();
  same<Same<typeof picture.objects, readonly SceneObject[]>>();
  const found = await image.inspect(res, 'image');
  same<Same<typeof found, Inspection>>();
  if (found.ok) log.info(found.width);
  else log.info(found.reason);
  await http.post('/x', { json: { image: image.file('one.png').base64() } });

  // @ts-expect-error: a pool needs its size
  image.pool({ width: 640 });
  // @ts-expect-error: gif is not one of the formats
  image.pool({ width: 1, height: 1, format: 'gif' });
  // @ts-expect-error: the width is known only when it is a picture
  found.width;
  // @ts-expect-error: a picture is immutable
  picture.width = 5;
}

export async function flow(): Promise<void> {
  const inner = group('name', () => 5);
  same<Same<typeof inner, number>>();
  const later = group('name', async () => 'x');
  same<Same<typeof later, Promise<string>>>();
  await later;
  await sleep(1);
  await sleep('500ms');
  pace('1s');
  const run = mix({ a: () => 1, b: async (given: { token: string }) => given.token }, { a: 1, b: 2 });
  const fromConfig = mix({ a: () => 1 }, config.test_mix);
  const limit = config.thresholds.max_p95;
  log.info(typeof limit === 'string' ? limit : limit?.limit, config.test_profiles['smoke']?.users);
  same<Same<ReturnType<typeof run>, Promise<void>>>();
  await fromConfig();
  if (vu.id > 5) test.fail('too many');
  if (vu.iteration > 5) test.abort();
  if (scenario.name === 'x') fail('no');
  if (scenario.executor === 'constant-arrival-rate' && scenario.iterationInTest > 100 && scenario.progress > 0.5) vu.tags['late'] = true;
  vu.tags['flow'] = 'checkout';
  delete vu.tags['flow'];
  // @ts-expect-error: tags are set one by one
  vu.tags = { flow: 'x' };

  // @ts-expect-error: environments are not shown to scripts
  log.info(config.environments);
  // @ts-expect-error: a task is a function
  mix({ a: 5 }, { a: 1 });
  // @ts-expect-error: a weight is a number
  mix({ a: () => 1 }, { a: '1' });
  // @ts-expect-error: a duration is no object
  await sleep({ seconds: 1 });
  // @ts-expect-error: a group is a function
  group('name', 5);
}

export function values(): void {
  metrics.counter('uploads').add();
  metrics.trend('size', { unit: 'data' }).add(5, { kind: 'large' });
  metrics.rate('good').add(true);
  const rows = data.csv('rows.csv');
  same<Same<typeof rows, DataSet<Record<string, string>>>>();
  const users = data.json<{ name: string }>('users.json');
  same<Same<ReturnType<typeof users.next>, { name: string }>>();
  const item = random.item(['a', 'b'] as const);
  same<Same<typeof item, 'a' | 'b'>>();
  log.debug(random.number(), random.integer(1, 6), random.boolean(0.1), random.shuffle([1, 2]));
  const isKnown: boolean = environment.truth === 'shapes' && !environment.production;
  log.warn(isKnown, environment.name, environment.base_url, env['SIZE'], scenario.phase);

  // @ts-expect-error: a trend is a number
  metrics.trend('size').add('5');
  // @ts-expect-error: a gauge needs a value
  metrics.gauge('size').add();
  // @ts-expect-error: variables are the command line's
  env['SIZE'] = 'x';
  // @ts-expect-error: whole numbers have two bounds
  random.integer(5);
}

export async function bodies(pool: ImagePool): Promise<void> {
  const scan = data.file('scan.dcm');
  same<Same<typeof scan, Bytes>>();
  const mask = (await http.get('/mask')).bytes();
  same<Same<typeof mask, Bytes>>();
  same<Same<typeof scan.sha256, string>>();
  same<Same<ReturnType<typeof mask.slice>, Bytes>>();
  const photo = image.file('a.heic', { unique: 'bytes' });
  same<Same<typeof photo.dataUrl, Embedded>>();
  await http.post('/a', { body: bytes(new Float32Array(3)) });
  await http.post('/a', { body: await http.get('/mask') });
  await http.post('/a', { json: { image: photo, list: [scan, mask.dataUrl] } });
  await http.post('/a', {
    multipart: {
      files: [photo, pool, scan, { file: mask, filename: 'm.png', type: 'image/png' }],
      labels: ['a', 1],
      meta: { json: { photo } },
      raw: new Uint8Array(4),
    },
  });
  image.folder('*.jpg', { unique: 'bytes', resize: { width: 9, height: 9 } });
  // @ts-expect-error: a part has a type, not a content type
  await http.post('/a', { multipart: { file: { file: photo, contentType: 'image/jpeg' } } });
  // @ts-expect-error: a list of lists is no part
  await http.post('/a', { multipart: { files: [[photo]] } });
  // @ts-expect-error: a body is no object
  await http.post('/a', { body: { photo } });
  // @ts-expect-error: files are not drawn
  image.file('a.jpg', { unique: 'pixels' });
  // @ts-expect-error: an option that does not exist
  image.folder('*.jpg', { uniqe: 'bytes' });
  data.csv('rows.csv', { separator: ';', encoding: 'windows-1252' });
  // @ts-expect-error: it is called separator
  data.csv('rows.csv', { delimiter: ';' });
  // @ts-expect-error: bytes are made of a text or an array
  bytes(5);
  // @ts-expect-error: what was sent cannot be changed
  scan.length = 5;
}

export const good: Options = {
  vus: 2,
  duration: '2s',
  thresholds: {
    max_p95: '2s',
    max_failure_rate: 0.01,
    min_rps: 5,
    predict: { max_p99: '5s' },
    http_req_duration: ['p(95)<2s'],
    checks: 'rate>99%',
  },
  setupTimeout: '10s',
  summaryTrendStats: ['avg', 'p(99.9)'],
  tags: { team: 'vision' },
};
export const goodScenarios = {
  scenarios: {
    upload: { executor: 'ramping-vus', exec: 'upload', startVUs: 0, stages: [{ duration: '1s', target: 5 }], gracefulStop: '5s' },
  },
} as const satisfies Options;
// @ts-expect-error: the option is vus
export const misspelt: Options = { users: 2 };
// @ts-expect-error: a duration has a unit
export const noUnit: Options = { duration: 2 };
// @ts-expect-error: a rate is a number
export const textRate: Options = { thresholds: { min_rps: '10' } };
// @ts-expect-error: there is no such executor
export const noExecutor: Options = { scenarios: { a: { executor: 'constant' } } };

export const hooks = {
  setup: async () => ({ token: env['PASSWORD'] ?? '' }),
  vuSetup: async ({ token }) => void (await http.get('/x', { auth: { token } })),
  teardown: (data) => data.token,
  handleSummary: (data) => ({ stdout: String(data.metrics) }),
} satisfies Hooks<{ token: string }>;
// @ts-expect-error: vuSetup is given what setup returns
export const wrong = { vuSetup: (data) => data.user } satisfies Hooks<{ token: string }>;
