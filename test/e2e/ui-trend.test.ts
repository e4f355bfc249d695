import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isWithoutBrowser, startBrowser } from '../support/browser.ts';
import { type CliProcess, cli, startCli } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** Four requests; the profile `broken` asks one of them for what is not there. */
const SCRIPT = `import { env, http, vu } from 'stressrun';
export default async () => { await http.get(env.BROKEN === 'yes' && vu.iteration === 0 ? '/missing' : '/'); };
`;
const CONFIG = `warm_up: { requests: 0 }
test_profiles:
  calm: { users: 1, iterations: 4 }
  broken: { users: 1, iterations: 4 }
`;

describe.skipIf(isWithoutBrowser)('the trend of runs in the history', { timeout: 180_000 }, () => {
  let ui: CliProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const { url } = await startTarget({ '/missing': { status: 404 } });
    const { at, folder } = project({ 'scripts/shop.ts': SCRIPT, 'config.yaml': CONFIG });
    const common = ['--base-url', url, '--run-dir', at('runs')];
    for (const profile of ['calm', 'calm', 'broken', 'broken'])
      await cli([at('scripts/shop.ts'), '-p', profile, '-e', `BROKEN=${profile === 'broken' ? 'yes' : 'no'}`, ...common], { cwd: folder });
    ui = startCli(['ui', '--config', at('config.yaml'), '--port', '0', ...common], { timeoutMs: 170_000, cwd: folder });
    const address = (await ui.printed(/web UI: (http:\S+)/))[1] ?? '';
    browser = await startBrowser();
    page = await browser.newPage();
    await page.goto(new URL('#/history', address).href);
  }, 150_000);
  afterAll(async () => {
    await browser?.close();
    ui?.signal('SIGINT');
    await ui?.ended;
  });

  /** What stands over the drawing of failed requests, of one profile. */
  async function failedOf(profile: string): Promise<string> {
    const group = page.locator('details.trend').filter({ hasText: `shop · ${profile} · ` });
    await group.waitFor();
    const caption = group.locator('figcaption').filter({ hasText: 'Failed' });
    return ((await caption.textContent()) ?? '').replace(/\s+/g, ' ').trim();
  }

  test('of two runs in which nothing failed the most is 0 %, of two in which one of four did 25%', async () => {
    expect(await failedOf('calm')).toMatch(/^Failed last 0 ?%, most 0 ?%$/);
    expect(await failedOf('broken')).toMatch(/^Failed last 25(\.0+)? ?%, most 25(\.0+)? ?%$/);
  });
});
