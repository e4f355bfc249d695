import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatNumber } from '../../runtime/core/page-figures.ts';
import type { RunJson } from '../../runtime/core/run-json.ts';
import { accessibilityFaults, isWithoutBrowser, startBrowser } from '../support/browser.ts';
import { load } from '../support/cli.ts';
import { project } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** 200 requests in about 4 s; of 20 one fails, and its name tries to end the script that carries it. */
const SCRIPT = `import { check, http } from 'stressrun';
export const options = { vus: 2, iterations: 200 };
let i = 0;
export default async () => {
  const bad = ++i % 20 === 0;
  const res = await http.get(bad ? '/missing' : '/', { name: bad ? '</script><script>alert(1)</script>"' : '/' });
  check(res, { 'is up': (r) => r.ok });
  await new Promise((done) => setTimeout(done, 35));
};
`;

describe.skipIf(isWithoutBrowser)('the HTML report in Chromium', () => {
  let browser: Browser;
  let run: RunJson;
  let folder: string;

  beforeAll(async () => {
    const { url } = await startTarget({ '/missing': { status: 404 } });
    const result = await load([project({ 'get.ts': SCRIPT }).at('get.ts'), '--base-url', url]);
    folder = result.folder;
    run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')) as RunJson;
    browser = await startBrowser();
  });
  afterAll(async () => browser?.close());

  /** The report as opened from disk, with everything that went wrong or to the network. */
  async function opened(options: BrowserContextOptions = {}): Promise<{ page: Page; problems: string[] }> {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })).newPage();
    const problems: string[] = [];
    page.on('console', (message) => problems.push(`${message.type()}: ${message.text()}`));
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('request', (request) => {
      if (!/^(file|blob|data):/.test(request.url())) problems.push(`request of ${request.url()}`);
    });
    await page.goto(`file://${join(folder, 'report.html')}`);
    await page.waitForFunction(() => document.body.dataset['ready'] === 'true');
    return { page, problems };
  }

  /** Pixels that are drawn, by the chart's id. */
  const inkOf = (page: Page): Promise<Record<string, number>> =>
    page.evaluate(() =>
      Object.fromEntries(
        [...document.querySelectorAll('canvas')].map((canvas, i) => {
          const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
          const name = canvas.closest<HTMLElement>('[data-chart]')?.dataset['chart'] ?? (canvas.id || `canvas-${i}`);
          return [name, pixels.filter((value, at) => at % 4 === 3 && value > 0).length];
        }),
      ),
    );

  test('opens without a console message and without the network, and at least 8 charts are drawn', async () => {
    const { page, problems } = await opened();
    const ink = await inkOf(page);
    expect(Object.keys(ink)).toEqual(expect.arrayContaining(['requests', 'times', 'users', 'generator', 'data', 'errors', 'heat-map']));
    expect(Object.keys(ink).length).toBeGreaterThanOrEqual(8);
    expect(Object.entries(ink).filter(([, pixels]) => pixels < 500)).toEqual([]);
    expect(problems).toEqual([]);
  });

  test('its numbers are those of run.json: in the table, in the downloads, and over time', async () => {
    const { page } = await opened();
    const all = run.requests.at(-1) as RunJson['requests'][0];
    const cells = await page.locator('#requests tfoot tr > *').allTextContents();
    expect(cells.slice(0, 4)).toEqual(['Aggregated', String(all.count), String(all.failed), formatNumber(all.perSecond)]);
    const download = async (name: string): Promise<string> => {
      await page.locator('.menu').evaluate((menu) => menu.setAttribute('open', ''));
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name, exact: true }).click()]);
      expect(file.suggestedFilename()).toBe(`${run.run.id}-${name}`);
      return readFileSync(await file.path(), 'utf8');
    };
    const again = JSON.parse(await download('run.json')) as RunJson;
    expect([again.run, again.verdict, again.requests, again.checks]).toEqual([run.run, run.verdict, run.requests, run.checks]);
    expect(again.series?.requests).toEqual(run.series?.requests);
    expect(await download('stats.csv')).toBe(readFileSync(join(folder, 'stats.csv'), 'utf8'));
    expect(await download('failures.csv')).toBe(readFileSync(join(folder, 'failures.csv'), 'utf8'));
  });

  test('a drag across one chart zooms all of them, and the button takes it back', async () => {
    const { page, problems } = await opened();
    const before = await page.locator('[data-chart=users] canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const box = await page.locator('[data-chart=requests] .u-over').boundingBox();
    if (box === null) throw new Error('the chart has no place');
    await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + 60, { steps: 5 });
    await page.mouse.up();
    const [from = 0, to = 0] = (await page.locator('body').getAttribute('data-zoom'))?.split(',').map(Number) ?? [];
    const endS = run.series?.endS.at(-1) ?? 0;
    expect(from / endS).toBeCloseTo(0.25, 1);
    expect(to / endS).toBeCloseTo(0.75, 1);
    await page.waitForTimeout(100);
    expect(await page.locator('[data-chart=users] canvas').evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL())).not.toBe(before);
    await page.getByRole('button', { name: 'Whole run' }).click();
    expect(await page.locator('body').getAttribute('data-zoom')).toBe('');
    expect(problems).toEqual([]);
  });

  test('is dark where the system is, and the button turns it light', async () => {
    const { page, problems } = await opened({ colorScheme: 'dark' });
    const background = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const dark = await background();
    await page.locator('#theme').click();
    const light = await background();
    const brightness = (color: string): number => Math.max(...(color.match(/\d+/g) ?? []).map(Number));
    expect(brightness(dark)).toBeLessThan(60);
    expect(brightness(light)).toBeGreaterThan(200);
    expect(problems).toEqual([]);
  });

  test('a click on "Requests" sorts the rows, the busiest first; a row chosen above the charts draws it alone', async () => {
    const { page, problems } = await opened();
    await page.locator('#requests').getByRole('button', { name: 'Requests' }).click();
    const counts = (await page.locator('#requests tbody td[data-label=Requests]').allTextContents()).map(Number);
    expect(counts).toEqual([...counts].sort((a, b) => b - a));
    expect(counts).toHaveLength(2);
    await page.locator('#row').selectOption({ index: 1 });
    expect((await inkOf(page))['times']).toBeGreaterThan(500);
    expect(await page.locator('figure:has([data-chart=times]) .legend').textContent()).not.toContain('p99');
    expect(problems).toEqual([]);
  });

  test.each(['light', 'dark'] as const)('axe finds nothing serious in it, in %s', async (colorScheme) => {
    const { page } = await opened({ colorScheme });
    expect(await accessibilityFaults(page)).toEqual([]);
  });

  test('the heat map ends where the charts below one another end, which is where the run ends', async () => {
    const { page } = await opened({ viewport: { width: 390, height: 844 } });
    const chart = await page.locator('[data-chart=requests] .u-over').boundingBox();
    const cells = await page.locator('#heat-map').evaluate((canvas: HTMLCanvasElement) => {
      const ctx = canvas.getContext('2d') as CanvasRenderingContext2D;
      const pixels = ctx.getImageData(0, 0, canvas.width, canvas.height - 40 * devicePixelRatio).data;
      const inked = [...Array(pixels.length / 4).keys()].filter((at) => (pixels[at * 4 + 3] ?? 0) > 0).map((at) => at % canvas.width);
      return canvas.getBoundingClientRect().left + (inked.reduce((most, x) => Math.max(most, x), 0) + 1) / devicePixelRatio;
    });
    const end = (chart?.x ?? 0) + (chart?.width ?? 0);
    expect(Math.abs(cells - end)).toBeLessThan(end * 0.25);
    expect(cells).toBeLessThanOrEqual(end + 1.5);
  });

  test('on a phone of 390 points nothing is wider than the screen', async () => {
    const { page } = await opened({ viewport: { width: 390, height: 844 } });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  });
});
