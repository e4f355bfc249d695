import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { complaintsOf, isWithoutBrowser, startBrowser } from '../support/browser.ts';
import { type CliProcess, cli, startCli } from '../support/cli.ts';
import { isLeftOutWithout } from '../support/needs.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { type Answer, askAt, nginxBefore, type ProxyWays, proxyTo, type ReverseProxy } from '../support/reverse-proxy.ts';

const TOKEN = 'a-token-of-some-length';
const { folder } = project({
  'config.yaml': 'environments:\n  demo: { target: embedded }\ndefaults: { environment: demo }\nthresholds: { max_failure_rate: 1% }\n',
  'scripts/ask.ts':
    "import { http, sleep } from 'stressrun';\nexport default async () => { await http.get('/health'); await sleep(0.2); };\n",
});

async function startUi(flags: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<{ ui: CliProcess; url: URL }> {
  const ui = startCli(['ui', '--port', '0', '--run-dir', temporaryFolder(), '--on-inconclusive', 'warn', ...flags], {
    cwd: folder,
    env,
    timeoutMs: 240_000,
  });
  return { ui, url: new URL((await ui.printed(/web UI: (http:\S+)/))[1] ?? '') };
}

const stop = async (ui: CliProcess): Promise<void> => {
  ui.signal('SIGINT');
  await ui.ended;
};

describe('a UI that stands behind a reverse proxy below /load', () => {
  let ui: CliProcess;
  let url: URL;
  const proxies: ReverseProxy[] = [];

  beforeAll(async () => {
    ({ ui, url } = await startUi(['--base-path', '/load', '--trust-proxy'], { STRESSRUN_UI_TOKEN: TOKEN }));
  });
  afterAll(async () => {
    for (const proxy of proxies) proxy.close();
    await stop(ui);
  });

  test('it prints its address with the path and the token, though it listens on loopback', () => {
    expect([url.pathname, url.search]).toEqual(['/load/', `?token=${TOKEN}`]);
  });

  /** As the browser of somebody who opened http://load.example.com/load/ sends it. */
  const page = { host: 'load.example.com', origin: 'https://load.example.com', 'sec-fetch-site': 'same-origin' };
  const kinds: [name: string, ways: ProxyWays][] = [
    ['passes path and Host on, as Traefik does', { headers: { 'x-forwarded-proto': 'https' } }],
    [
      'takes the path away and says so, as StripPrefix does',
      {
        stripped: '/load',
        headers: { 'x-forwarded-prefix': '/load', 'x-forwarded-host': 'load.example.com', 'x-forwarded-proto': 'https' },
      },
    ],
    ['takes the path away and writes another Host, as nginx does unasked', { stripped: '/load', isHostRewritten: true }],
  ];

  test.each(kinds)('one that %s: the token becomes a cookie of /load/, and a form is planned', async (_, ways) => {
    const proxy = await proxyTo(Number(url.port), ways);
    proxies.push(proxy);
    const ask = (
      path: string,
      init: { method?: string; headers?: Readonly<Record<string, string>>; body?: string } = {},
    ): Promise<Answer> => askAt(proxy.port, path, { ...init, headers: { ...page, ...init.headers } });
    const entered = await ask(`/load/?token=${TOKEN}&view=history`);
    expect([entered.status, entered.headers['location']]).toEqual([303, '/load/?view=history']);
    const cookie = String(entered.headers['set-cookie']);
    expect(cookie).toContain('; Path=/load/;');
    expect(cookie.includes('Secure')).toBe(ways.headers?.['x-forwarded-proto'] === 'https');
    const signed = { cookie: cookie.split(';')[0] ?? '' };
    expect((await ask('/load/', { headers: signed })).body).toContain('<script');
    expect((await ask('/load/api/v1/status', { headers: signed })).status).toBe(200);
    const body = JSON.stringify({ script: 'scripts/ask.ts', users: 2, duration: '5s' });
    const planned = await ask('/load/api/v1/plan', {
      method: 'POST',
      headers: { ...signed, 'content-type': 'application/json', 'content-length': String(body.length) },
      body,
    });
    expect([planned.status, JSON.parse(planned.body).scenarios?.[0]?.users]).toEqual([200, 2]);
  });

  test('another site is refused behind a proxy too, by what the browser says of it and by its name', async () => {
    const proxy = await proxyTo(Number(url.port), {});
    proxies.push(proxy);
    const post = (headers: Record<string, string>): Promise<Answer> =>
      askAt(proxy.port, '/load/api/v1/plan', {
        method: 'POST',
        headers: { host: 'load.example.com', authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...headers },
      });
    expect((await post({ origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post({ origin: 'https://evil.example' })).status).toBe(403);
  });

  test('`/load` alone leads to `/load/`: addresses in the pages are relative', async () => {
    const answer = await askAt(Number(url.port), `/load?token=${TOKEN}`, {});
    expect([answer.status, answer.headers['location']]).toEqual([308, `/load/?token=${TOKEN}`]);
  });

  test.skipIf(isWithoutBrowser || isLeftOutWithout('nginx'))(
    'a browser starts, watches and reloads a run through nginx as deploy/proxy/nginx.conf has it',
    { timeout: 120_000 },
    async () => {
      const proxy = await nginxBefore(Number(url.port));
      proxies.push(proxy);
      const browser = await startBrowser();
      const page = await browser.newPage();
      const complaints = complaintsOf(page);
      await page.goto(`http://load.localhost:${proxy.port}/load?token=${TOKEN}`);
      await page.getByRole('heading', { name: 'Start a run' }).waitFor();
      expect(new URL(page.url()).pathname).toBe('/load/');
      await page.getByRole('spinbutton', { name: 'Users' }).fill('2');
      await page.getByRole('textbox', { name: 'Duration' }).fill('6s');
      await page.getByRole('img', { name: 'up to 2 users' }).waitFor();
      await page.getByRole('button', { name: 'Start', exact: true }).click();
      await page.waitForURL(/\/load\/#\/runs\//);
      await page.getByText(/^Verdict: /).waitFor({ timeout: 60_000 });
      await page.reload();
      await page.getByText(/^Verdict: /).waitFor();
      expect(complaints).toEqual([]);
      await browser.close();
    },
  );
});

test('without --trust-proxy another Host is told what to do, and so is a page whose Host was rewritten', async () => {
  const { ui, url } = await startUi([]);
  const named = await askAt(Number(url.port), '/', { headers: { host: 'load.example.com' } });
  expect([named.status, named.body]).toEqual([421, expect.stringContaining('--trust-proxy')]);
  const posted = await askAt(Number(url.port), '/api/v1/plan', {
    method: 'POST',
    headers: { host: 'localhost', origin: 'https://load.example.com', 'content-type': 'application/json' },
  });
  expect([posted.status, posted.body]).toEqual([403, expect.stringContaining('--trust-proxy')]);
  await stop(ui);
});

test.each(['//evil.example', '/a/../b', '/a b', '/a%2f', 'http://x'])(
  '--base-path %s is no path below which pages could lie: 104',
  async (path) => {
    const { exitCode, stderr } = await cli(['ui', '--port', '0', '--base-path', path], { cwd: folder });
    expect(exitCode).toBe(104);
    expect(stderr).toContain('--base-path: expected a path of letters');
  },
);
