import { type AddressInfo, createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';

const BYTES = 70_000_000;

/** A server whose answer to `/big` is 70 MB, and to anything else a JSON. */
async function bigAnswers(): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (request) => {
      if (!request.toString('latin1').startsWith('GET /big')) {
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 8\r\n\r\n{"a":42}');
        return;
      }
      socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${BYTES}\r\n\r\n`);
      const megabyte = Buffer.alloc(1_000_000);
      let left = BYTES / megabyte.length;
      const goOn = (): void => {
        while (left-- > 0)
          if (!socket.write(megabyte)) {
            socket.once('drain', goOn);
            return;
          }
      };
      goOn();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** What became of requests: whether and why each check passed. */
async function checksOf(settings: string, iteration: string, options = ''): Promise<unknown> {
  const base = await bigAnswers();
  const { at } = project({
    'config.yaml': `environments: { t: { base_url: "${base}"${settings} } }\nhealth_check: { path: /, expect: {} }\n`,
    'a.ts': `import { check, http, image } from 'stressrun';\n${options}\nconst why = (f: () => unknown) => { try { return String(f()); } catch (e) { return (e as Error).name; } };
      export default async () => {\n${iteration}\n};`,
  });
  const { run } = await load([at('a.ts'), '--env', 't', '--once']);
  return Object.fromEntries(run.checks.map(({ name, passes, fails }) => [name, passes === 1 && fails === 0]));
}

test('an answer of 70 MB is refused as too large, which says what to give; discard: true counts it, and who reads it is told why there is nothing', async () => {
  const checks = await checksOf(
    '',
    `const kept = await http.get('/big', { timeout: '50s' });
      check(kept, { refused: (r) => r.status === 0 && r.error.includes('discard: true') });
      const counted = await http.get('/big', { timeout: '50s', discard: true });
      check(counted, { counted: (r) => r.status === 200 && r.bodyLength === ${BYTES} && r.error === '' });
      check([why(() => counted.text()), why(() => counted.json()), why(() => counted.json('a'))].join(), { 'says why': (text) => text === 'DiscardedError,DiscardedError,DiscardedError' });
      const inspected = await image.inspect(counted).then(() => '', (e: Error) => e.name);
      check(inspected, { 'no picture': (name) => name === 'DiscardedError' });
      check(await http.get('/'), { 'others are kept': (r) => r.json('a') === 42 });`,
  );
  expect(checks).toEqual({ refused: true, counted: true, 'says why': true, 'no picture': true, 'others are kept': true });
});

test.each([
  ['discard: true of an environment', ', discard: true', ''],
  ["k6's discardResponseBodies", '', 'export const options = { discardResponseBodies: true };'],
])('%s counts the body of every request but of one that says discard: false', async (_, settings, options) => {
  const checks = await checksOf(
    settings,
    `check(await http.get('/'), { counted: (r) => r.bodyLength === 8 && why(() => r.text()) === 'DiscardedError' });
      check(await http.get('/', { discard: false }), { kept: (r) => r.json('a') === 42 });`,
    options,
  );
  expect(checks).toEqual({ counted: true, kept: true });
});

test('discardResponseBodies: false goes before discard: true of the environment', async () => {
  const checks = await checksOf(
    ', discard: true',
    `check(await http.get('/'), { kept: (r) => r.json('a') === 42 });`,
    'export const options = { discardResponseBodies: false };',
  );
  expect(checks).toEqual({ kept: true });
});
