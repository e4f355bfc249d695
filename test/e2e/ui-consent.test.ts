import { expect, test } from 'vitest';
import { startCli } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

test('the web UI on loopback takes allowProduction from the page that was opened with the token and by the token, from no other client', async () => {
  const target = await startTarget();
  const { folder: cwd } = project({
    'config.yaml': `environments:\n  prod: { base_url: "${target.url}", production: true }\n`,
    'scripts/ask.ts': `import { http } from 'stressrun';\nexport const options = { iterations: 1 };\nexport default async () => { await http.get('/work'); };\n`,
  });
  const ui = startCli(['ui', '--port', '0', '--run-dir', temporaryFolder()], { cwd, timeoutMs: 110_000 });
  const [, base = ''] = await ui.printed(/web UI: (http:\S+?)\/\s/);
  const [, address = '', token = ''] = await ui.printed(/to allow load of production there, open (http:\S+\?token=(\S+))/);
  const start = async (headers: Record<string, string>): Promise<{ status: number; text: string }> => {
    const body = JSON.stringify({ script: 'scripts/ask.ts', environment: 'prod', allowProduction: 'prod' });
    const answer = await fetch(`${base}/api/v1/runs`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', ...headers },
    });
    return { status: answer.status, text: await answer.text() };
  };
  const ended = async (): Promise<void> => {
    for (;;) {
      const { state } = (await (await fetch(`${base}/api/v1/status`)).json()) as { state: string | null };
      if (state === 'ended') return;
      await new Promise((next) => setTimeout(next, 200));
    }
  };

  // the page itself, opened by its plain address, gives no right to it
  const plain = await fetch(`${base}/`);
  expect(plain.headers.get('set-cookie')).toBeNull();
  for (const headers of [
    {},
    { origin: base, 'sec-fetch-site': 'same-origin' },
    { authorization: 'Bearer wrong' },
    { cookie: 'stressrun_ui=x' },
  ]) {
    const refused = await start(headers as Record<string, string>);
    expect([refused.status, refused.text]).toEqual([403, expect.stringContaining('allowProduction: expected it with the token')]);
  }
  expect(target.counts()['/work']).toBeUndefined();

  const opened = await fetch(address, { redirect: 'manual' });
  const session = (opened.headers.get('set-cookie') ?? '').split(';')[0] as string;
  expect(session).not.toContain(token);
  expect((await start({ cookie: session, origin: base, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
  await ended();
  expect(target.counts()['/work']).toBe(1);
  expect((await start({ authorization: `Bearer ${token}` })).status).toBe(201);
  await ended();
  ui.signal('SIGTERM');
  await ui.ended;
  expect(target.counts()['/work']).toBe(2);
}, 120_000);
