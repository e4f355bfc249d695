import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunJson } from '../../runtime/core/run-json.ts';
import type { RunEntry } from '../../runtime/views/api.ts';
import { complaintsOf, isWithoutBrowser, startBrowser } from '../support/browser.ts';
import { type CliProcess, startCli } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';
import { startTarget } from '../support/target-server.ts';

/** One user who logs in, then asks once in 2.6 s: each answer is alone in its second, with gaps around it. Nothing has a task, a profile or a tag. */
const SCRIPT = `import { check, group, http, sleep } from 'stressrun';
export const options = { vus: 1, duration: '3m' };
export const vuSetup = async () => { await http.post('/login'); };
export default async () => {
  await group('basket', async () => {
    const res = await http.get('/basket');
    check(res, { 'is there': (r) => r.status === 200 });
  });
  await sleep(2.6);
};
`;
const SETUP = 'Requests of setup and teardown, outside the verdict';

describe.skipIf(isWithoutBrowser)('tables, figures and charts of one run, live, afterwards and in its report', { timeout: 180_000 }, () => {
  let cli: CliProcess;
  let browser: Browser;
  let page: Page;
  let address: string;
  let runDir: string;

  beforeAll(async () => {
    const { url } = await startTarget();
    const { at, folder } = project({ 'scripts/shop.ts': SCRIPT });
    runDir = temporaryFolder();
    const args = ['ui', '--config', at('config.yaml'), '--base-url', url, '--port', '0', '--run-dir', runDir];
    cli = startCli(args, { timeoutMs: 400_000, cwd: folder });
    address = (await cli.printed(/web UI: (http:\S+)/))[1] ?? '';
    browser = await startBrowser();
    page = await browser.newPage({ colorScheme: 'light' });
    await startRun('scripts/shop.ts');
  }, 90_000);
  afterAll(async () => {
    await browser?.close();
    cli?.signal('SIGINT');
    await cli?.ended;
  });

  const runs = async (): Promise<RunEntry[]> => (await fetch(new URL('api/v1/runs', address))).json() as Promise<RunEntry[]>;
  const open = async (place: string): Promise<void> => {
    await page.goto(new URL(place, address).href);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  async function startRun(script: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(new URL('api/v1/runs', address), { method: 'POST', headers, body: JSON.stringify({ script }) });
    expect([answer.status, await answer.clone().text()]).toEqual([201, expect.any(String)]);
    await open(`#/runs/${((await answer.json()) as { id: string }).id}`);
  }
  const row = (table: string, name: string): Locator => page.getByRole('region', { name: table }).getByRole('row', { name });
  const tab = (name: string): Promise<void> => page.getByRole('tab', { name }).click();

  test('the group and the login are rows while the run goes on, and with the numbers of run.json when it is over', async () => {
    const complaints = complaintsOf(page);
    await tab('Requests');
    await row('Groups', '::basket').waitFor({ timeout: 60_000 });
    await row(SETUP, 'setup POST /login').waitFor();
    await expect.poll(async () => Number(await cellOf(row('Groups', '::basket'), 'Requests')), { timeout: 60_000 }).toBeGreaterThan(3);
    expect(await page.locator('.verdict').textContent()).toMatch(/so far|no verdict|no thresholds/);
    expect(await cellOf(row(SETUP, 'setup POST /login'), 'Requests')).toBe('1');
    expect(await row('Requests by name', 'login').count()).toBe(0);

    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('button', { name: 'Stop gracefully' }).click();
    await expect.poll(() => page.locator('.verdict').textContent(), { timeout: 30_000 }).toMatch(/^Verdict: interrupted/);
    const [entry] = await runs();
    const result = JSON.parse(readFileSync(join(runDir, entry?.id ?? '', 'run.json'), 'utf8')) as RunJson;
    const [basket] = result.groups ?? [];
    expect(await cellOf(row('Groups', '::basket'), 'Requests')).toBe(String(basket?.requests));
    expect(await cellOf(row('Groups', '::basket'), 'Checks')).toBe(String(basket?.checks));
    expect(await cellOf(row(SETUP, 'setup POST /login'), 'Requests')).toBe(String(result.uncounted?.[0]?.count));
    expect(complaints).toEqual([]);
  });

  test('what the report tells under a heading is told by a tab of the page, in the same words', async () => {
    const [entry] = await runs();
    const told = new Map<string, string>();
    for (const name of ['requests', 'failures', 'checks', 'metrics', 'workers', 'setting']) {
      await open(`#/runs/${entry?.id}?tab=${name}`);
      for (const [title, text] of await sectionsOf(page)) told.set(title, text);
    }
    await openReport(entry?.id ?? '');
    const inReport = (await sectionsOf(page)).filter(([title]) => !['Thresholds', 'Charts', 'Requests'].includes(title));
    expect(inReport.map(([title]) => title)).toEqual(
      expect.arrayContaining(['Groups', 'Where the time goes', 'Slowest requests', 'Load and generator', 'Setting']),
    );
    for (const [title, text] of inReport) expect(told.get(title), title).toBe(text);
  });

  test('no table of a page has a column in which no cell says anything, in the report neither', async () => {
    const [entry] = await runs();
    const tabs = ['requests', 'failures', 'checks', 'metrics', 'workers', 'setting', 'report'].map(
      (name) => `#/runs/${entry?.id}?tab=${name}`,
    );
    const seen: string[] = [];
    for (const place of ['#/history', ...tabs]) {
      await open(place);
      if (place === '#/history') await page.getByRole('region', { name: 'Runs', exact: true }).waitFor();
      const { heads, empty } = await columnsOf(page);
      expect(empty, place).toEqual([]);
      seen.push(...heads);
    }
    expect(seen).toEqual(expect.arrayContaining(['Name', 'Group', 'Check', 'Begun', 'Metric']));
    expect(seen).not.toContain('Task');
    expect(seen).not.toContain('Profile');
    await openReport(entry?.id ?? '');
    const { heads, empty } = await columnsOf(page);
    expect(empty).toEqual([]);
    expect(heads).toContain('Group');
    expect(heads.slice(0, heads.indexOf('Group'))).not.toContain('Task');
  });

  test('an answer with a gap before and behind it is a dot in both charts of response times', async () => {
    const [entry] = await runs();
    await open(`#/runs/${entry?.id}?tab=charts`);
    await expect.poll(() => dotsOf(page.getByRole('figure').filter({ hasText: 'Response times' }).locator('canvas'))).toBeGreaterThan(10);
    await openReport(entry?.id ?? '');
    await expect.poll(() => dotsOf(page.locator('[data-chart=times] canvas'))).toBeGreaterThan(10);
  });

  test.each([360, 480, 600, 768, 900, 1024, 1440])('at %d px all rows of figures are of one length', async (width) => {
    await page.setViewportSize({ width, height: 800 });
    const [entry] = await runs();
    const lengths: number[][] = [];
    for (const show of [() => open(`#/runs/${entry?.id}`), () => openReport(entry?.id ?? '')]) {
      await show();
      const tops = await page.locator('.figures > div').evaluateAll((all) => all.map((one) => Math.round(one.getBoundingClientRect().top)));
      lengths.push([...new Set(tops)].map((top) => tops.filter((other) => other === top).length));
    }
    const flat = lengths.flat();
    expect(flat.reduce((sum, length) => sum + length, 0)).toBe(16);
    expect(new Set(flat).size).toBe(1);
  });

  async function openReport(id: string): Promise<void> {
    await page.goto(`file://${join(runDir, id, 'report.html')}`);
    await page.waitForFunction(() => document.body.dataset['ready'] === 'true');
  }
});

/** The cell of a row under a head. */
async function cellOf(of: Locator, label: string): Promise<string> {
  return (await of.locator(`td[data-label="${label}"]`).textContent()) ?? '';
}

/** Sections of a run by their headings, with their texts; a moment is in the reader's own zone in the UI. */
function sectionsOf(page: Page): Promise<[title: string, text: string][]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('section:has(> h2)')].map((section): [string, string] => {
      const shown = section.cloneNode(true) as Element;
      for (const extra of shown.querySelectorAll('caption, .chart, #setting > details')) extra.remove();
      for (const time of shown.querySelectorAll('time')) time.textContent = time.getAttribute('datetime');
      const text = (shown.textContent ?? '').replace(/[▲▼\s]/g, '');
      return [section.querySelector('h2')?.textContent ?? '', text];
    }),
  );
}

/** Heads of all tables, and of those the ones below which no cell says anything. */
function columnsOf(page: Page): Promise<{ heads: string[]; empty: string[] }> {
  return page.evaluate(() => {
    const says = (cell: Element | undefined): boolean =>
      cell !== undefined && (cell.querySelector('svg,input') !== null || !['', '–', 'n/a'].includes(cell.textContent?.trim() ?? ''));
    const [heads, empty]: [string[], string[]] = [[], []];
    for (const table of document.querySelectorAll('table')) {
      const rows = [...table.querySelectorAll('tbody tr, tfoot tr')].map((one) => [...one.children]);
      for (const [i, head] of [...table.querySelectorAll('thead th')].entries()) {
        heads.push((head.textContent ?? '').replace(/[▲▼]/g, ''));
        if (!rows.some((cells) => says(cells[i]))) empty.push(`${table.getAttribute('aria-label') ?? ''} ${head.textContent}`);
      }
    }
    return { heads, empty };
  });
}

/** Pixels in the colours of the first three lines: those of one figure may lie on each other. */
function dotsOf(canvas: Locator): Promise<number> {
  return canvas.first().evaluate((element: HTMLCanvasElement) => {
    const colours = [1, 2, 3].map((i) => {
      const swatch = document.createElementNS('http://www.w3.org/2000/svg', 'line');
      swatch.setAttribute('class', `stroke--line-${i}`);
      document.body.append(swatch);
      const colour = getComputedStyle(swatch).stroke.match(/\d+/g) ?? [];
      swatch.remove();
      return colour.map(Number);
    });
    const pixels = element.getContext('2d')?.getImageData(0, 0, element.width, element.height).data ?? new Uint8ClampedArray();
    const isLine = (at: number): boolean =>
      (pixels[at + 3] ?? 0) > 200 && colours.some((rgb) => rgb.every((value, i) => Math.abs(value - (pixels[at + i] ?? 0)) < 30));
    let count = 0;
    for (let at = 0; at < pixels.length; at += 4) if (isLine(at)) count++;
    return count;
  });
}
