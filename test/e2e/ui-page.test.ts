import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEntry, RunView } from '../../runtime/views/api.ts';
import { accessibilityFaults, complaintsOf, cuttableWayTo, isWithoutBrowser, startBrowser } from '../support/browser.ts';
import { type CliProcess, startCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/project.ts';

describe.skipIf(isWithoutBrowser)('the pages of `stressrun ui` in Chromium', { timeout: 180_000 }, () => {
  let cli: CliProcess;
  let address: string;
  let browser: Browser;

  beforeAll(async () => {
    cli = startCli(['ui', '--port', '0', '--run-dir', temporaryFolder()], { timeoutMs: 500_000 });
    address = (await cli.printed(/web UI: (http:\S+)/))[1] ?? '';
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    cli?.signal('SIGINT');
    await cli?.ended;
  });

  const api = async <T>(path: string): Promise<T> => (await fetch(new URL(`api/v1${path}`, address))).json() as Promise<T>;
  const current = (): Promise<RunView> => api<RunView>('/runs/current');

  test('2 users are started, seen, made 6, stopped and judged; another run becomes a baseline; both are compared', async () => {
    const page = await (await browser.newContext({ acceptDownloads: true })).newPage();
    const complaints = complaintsOf(page);
    await page.goto(address);
    await start(page, { users: '2', duration: '2m' });
    await secondsReach(page, 5);
    await numbersAreThoseOfTheApi(page, current);

    const before = await current();
    await page.getByRole('button', { name: 'Edit load' }).click();
    await page.getByRole('dialog').getByRole('spinbutton').fill('6');
    await page.getByRole('button', { name: 'Apply' }).click();
    await expect.poll(async () => await figure(page, 'Users'), { timeout: 20_000 }).toBe('6');
    await secondsReach(page, (before.series.endS.at(-1) ?? 0) + 5);
    const after = await current();
    expect(after.edits).toHaveLength(1);
    expect([before, after].map(({ series }) => series.users.at(-1))).toEqual([2, 6]); // how much more they ask for is the machine's to say
    expect(after.series.requests.slice(before.series.requests.length).some((requests) => requests > 0)).toBe(true);

    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop gracefully' }).click();
    await expect.poll(() => page.locator('.verdict').textContent(), { timeout: 30_000 }).toMatch(/^Verdict: interrupted/);
    expect(await page.getByRole('button', { name: 'Save as baseline' }).isDisabled()).toBe(true);
    expect(await page.getByText('Edited live: no baseline.').isVisible()).toBe(true);
    expect(await downloaded(page, 'stats.csv')).toMatch(/^Type,Name,Request Count,[\s\S]*Aggregated/);

    await page.getByRole('link', { name: 'Start' }).click();
    await start(page, { users: '3', rate: '5', duration: '6s' }); // a slow machine does not lessen what an open model offers
    await expect.poll(() => page.locator('.verdict').textContent(), { timeout: 40_000 }).toMatch(/^Verdict: passed/);
    await page.getByRole('button', { name: 'Save as baseline' }).click();
    await page.getByRole('dialog').getByLabel('Name').fill('main');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.locator('.run-head').getByText('baseline main', { exact: true }).waitFor();

    await page.getByRole('link', { name: 'History' }).click();
    for (const { id } of await api<RunEntry[]>('/runs')) await page.getByLabel(`Compare ${id}`).check();
    await page.getByRole('link', { name: 'Compare 2 runs' }).click();
    await page.getByRole('row', { name: /Aggregated/ }).waitFor();
    const figures = page.getByRole('region', { name: 'p95 by request' });
    expect(await figures.getByRole('columnheader').count()).toBe(3);
    const baseOf = async (): Promise<string> =>
      new URLSearchParams(new URL(page.url()).hash.split('?')[1]).get('runs')?.split(',')[0] ?? '';
    const [newest] = await api<RunEntry[]>('/runs');
    expect([await baseOf(), newest?.baselines]).toEqual([newest?.id, ['main']]); // the baseline is the base, though it is newer
    await page.getByRole('button', { name: 'Swap' }).click();
    await expect.poll(baseOf).not.toBe(newest?.id);
    await page.getByRole('heading', { name: 'How they were run' }).waitFor();
    const lines = page.getByRole('figure').filter({ hasText: 'p95' }).getByRole('listitem');
    await expect
      .poll(() => lines.allTextContents(), { timeout: 20_000 })
      .toEqual([expect.stringMatching(/ \(base\) [\d.]+m?s$/), expect.stringMatching(/ [\d.]+m?s$/)]);
    expect(await page.getByRole('figure').count()).toBe(3);
    const region = page.getByRole('region', { name: 'How they were run' });
    expect(new Set(await region.getByRole('columnheader').allTextContents()).size).toBe(3); // runs of one minute too
    const settings = await region.textContent();
    expect(settings).toContain('the built-in server');
    expect(settings).not.toContain('127.0.0.1'); // another port each time, and no difference
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test('3 s without a connection leave no gap in the chart, and a page loaded again has the whole run', async () => {
    const way = await cuttableWayTo(Number(new URL(address).port));
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${way.port}/#/start`);
    await start(page, { users: '2', duration: '2m' });
    await secondsReach(page, 3);
    way.cut();
    await page.getByText('reconnecting').waitFor();
    const shownAtCut = await secondsShown(page);
    await page.waitForTimeout(3_000);
    way.restore();
    await page.getByText('reconnecting').waitFor({ state: 'detached' });
    await secondsReach(page, shownAtCut.to + 5);
    await allAreShown(page, current);

    const shown = await secondsShown(page);
    await page.reload();
    await page.getByRole('tab', { name: 'Charts' }).waitFor();
    const again = await secondsShown(page);
    expect(again.from).toBe(shown.from);
    expect(again.to).toBeGreaterThanOrEqual(shown.to);
    await allAreShown(page, current);
    await page.getByRole('button', { name: 'Abort' }).click();
    await page.getByRole('button', { name: 'Abort now' }).click();
    await page.getByText(/^Verdict: /).waitFor();
    await page.close();
    way.close();
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in any of 13 views, in %s', async (colorScheme) => {
    const page = await browser.newPage({ colorScheme });
    const runs = await api<RunEntry[]>('/runs');
    const [run] = runs;
    const compare = `#/compare?runs=${runs
      .filter(({ outcome }) => outcome !== null)
      .map(({ id }) => id)
      .slice(0, 2)
      .join(',')}`;
    const tabs = ['charts', 'requests', 'failures', 'checks', 'metrics', 'logs', 'workers', 'setting', 'report'].map(
      (tab) => `#/runs/${run?.id}?tab=${tab}`,
    );
    const faults: string[] = [];
    for (const place of ['#/start', '#/history', ...tabs, compare, '#/runs/none']) {
      await page.goto(new URL(place, address).href);
      await page.getByRole('heading', { level: 1 }).waitFor();
      faults.push(...(await accessibilityFaults(page)).map((fault) => `${place} ${fault}`));
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  test.each([360, 768, 1440])('at %d px no page scrolls sideways', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 740 } });
    const runs = await api<RunEntry[]>('/runs');
    const [run] = runs;
    const compare = `#/compare?runs=${runs
      .filter(({ outcome }) => outcome !== null)
      .map(({ id }) => id)
      .slice(0, 2)
      .join(',')}`;
    const tabs = ['charts', 'requests', 'failures', 'checks', 'metrics', 'workers', 'setting', 'report'].map(
      (tab) => `#/runs/${run?.id}?tab=${tab}`,
    );
    for (const place of ['#/start', '#/history', ...tabs, compare]) {
      await page.goto(new URL(place, address).href);
      await page.getByRole('heading', { level: 1 }).waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth'), place).toBe(width);
      const chosen = await page.locator('[role=tab][aria-selected=true]').all();
      for (const tab of chosen) {
        const { x = -1, width: tabWidth = 0 } = (await tab.boundingBox()) ?? {};
        expect(x >= 0 && x + tabWidth <= width, `${place}: the chosen tab is in sight`).toBe(true);
      }
    }
    await page.close();
  });
});

test.skipIf(isWithoutBrowser)(
  'a page opened the moment `--ui` prints its address goes to the run, and shows its verdict though stressrun ends with it',
  { timeout: 120_000 },
  async () => {
    const args = ['scripts/health.ts', '--env', 'demo', '-u', '1', '-d', '6s', '--on-inconclusive', 'warn'];
    const browser = await startBrowser();
    const page = await browser.newPage();
    const cli = startCli([...args, '--ui=0', '--autoquit', '--run-dir', temporaryFolder()], { timeoutMs: 100_000 });
    await page.goto((await cli.printed(/web UI: (http:\S+)/))[1] ?? '');
    await page.waitForURL(/#\/runs\//, { timeout: 20_000 });
    await cli.ended;
    await expect
      .poll(() => page.locator('.verdict').textContent(), { timeout: 10_000 })
      .toMatch(/^Verdict: (?:passed|failed|inconclusive)/);
    await page.waitForTimeout(3_000);
    expect(await page.getByText('reconnecting').count()).toBe(0);
    expect(await figure(page, 'Requests')).not.toBe('0');
    await browser.close();
  },
);

interface Typed {
  readonly users: string;
  readonly duration: string;
  readonly rate?: string;
}

async function start(page: Page, { users, duration, rate }: Typed): Promise<void> {
  await page.getByRole('combobox', { name: 'Script' }).selectOption('scripts/predict.ts');
  await page.getByRole('combobox', { name: 'Environment' }).selectOption('demo');
  await page.getByRole('combobox', { name: 'Profile' }).selectOption('smoke');
  await page.getByRole('spinbutton', { name: 'Users' }).fill(users);
  await page.getByRole('textbox', { name: 'Duration' }).fill(duration);
  await page.getByRole('textbox', { name: 'min_rps' }).fill('0.1');
  await page.getByRole('textbox', { name: 'max_p95', exact: true }).fill('30s');
  await page.getByRole('textbox', { name: 'max_p99' }).fill('30s');
  await page.getByRole('textbox', { name: 'predict_large_image.max_p95' }).fill('30s');
  if (rate !== undefined) await page.getByRole('spinbutton', { name: 'Starts a second' }).fill(rate);
  await page
    .getByRole('img', { name: rate === undefined ? `up to ${users} users` : `up to ${rate} starts/s, ${users} users at most` })
    .waitFor();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.waitForURL(/#\/runs\//);
}

interface Shown {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

/** What the line below the charts says is in them. */
async function secondsShown(page: Page): Promise<Shown> {
  const text = await page.getByText(/[\d,]+ seconds?, [\d:]+ to [\d:]+\./).textContent();
  const [, count, from = '', to = ''] = /([\d,]+) seconds?, ([\d:]+) to ([\d:]+)\./.exec(text ?? '') ?? [];
  const seconds = (clock: string): number => clock.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return { count: Number(count?.replaceAll(',', '')), from: seconds(from), to: seconds(to) };
}

/** The page has as many seconds as the server; were one missing it would be so for ever. */
async function allAreShown(page: Page, current: () => Promise<RunView>): Promise<void> {
  const missing = async (): Promise<number> => (await current()).series.endS.length - (await secondsShown(page)).count;
  await expect.poll(missing, { timeout: 30_000, interval: 130 }).toBe(0);
}

async function secondsReach(page: Page, second: number): Promise<void> {
  await expect.poll(async () => (await secondsShown(page)).to, { timeout: 60_000 }).toBeGreaterThanOrEqual(second);
}

async function figure(page: Page, name: string): Promise<string> {
  const box = page.locator('.figures > div', { has: page.getByText(name, { exact: true }) });
  return (await box.locator('dd').textContent()) ?? '';
}

/** They move each second: equal when the API said the same before and after the page was read. */
async function numbersAreThoseOfTheApi(page: Page, current: () => Promise<RunView>): Promise<void> {
  const total = async (): Promise<number> =>
    ((await current()).live?.rows ?? []).filter(({ name }) => name !== 'Aggregated').reduce((sum, { count }) => sum + count, 0);
  await page.getByRole('tab', { name: 'Requests' }).click();
  await expect
    .poll(
      async () => {
        const [before, shown, after] = [await total(), await figure(page, 'Requests'), await total()];
        return before > 0 && before === after && Number(shown.replaceAll(',', '')) === before;
      },
      { timeout: 30_000, interval: 130 },
    )
    .toBe(true);
  await page.getByRole('tab', { name: 'Charts' }).click();
}

async function downloaded(page: Page, name: string): Promise<string> {
  await page.getByRole('tab', { name: 'Report and files' }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name, exact: true }).click();
  return readFileSync(await (await download).path(), 'utf8');
}
