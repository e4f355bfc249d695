import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunView } from '../../runtime/views/api.ts';
import { accessibilityFaults, complaintsOf, isWithoutBrowser, startBrowser } from '../support/browser.ts';
import { type CliProcess, startCli } from '../support/cli.ts';
import { project, temporaryFolder } from '../support/project.ts';

/** Two scenarios of its own; it tells what it was given. */
const SCRIPT = `import { env, http } from 'stressrun';
export const options = { scenarios: {
  browse: { executor: 'constant-vus', vus: 1, duration: '2s', exec: 'browse' },
  order: { executor: 'constant-vus', vus: 2, duration: '3s', exec: 'order' },
} };
export const browse = async () => { await http.get('/health', { name: 'browse ' + env.PLAN }); };
export const order = async () => { await http.get('/health', { name: 'order ' + env.PLAN }); };
export default browse;
`;
const CONFIG = `environments:
  demo: { target: embedded, truth: shapes, max_users: 8 }
test_profiles:
  calm: { users: 3, duration: 90s, thresholds: { max_p95: 9s } }
thresholds: { max_failure_rate: 1%, max_p95: 5s }
`;

describe.skipIf(isWithoutBrowser)('the form of `stressrun ui` in Chromium', { timeout: 120_000 }, () => {
  let cli: CliProcess;
  let browser: Browser;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    const { folder } = project({ 'config.yaml': CONFIG, 'scripts/shop.ts': SCRIPT });
    const args = ['ui', '--port', '0', '--run-dir', temporaryFolder(), '-e', 'TOKEN=never-shown-9', '--on-inconclusive', 'warn'];
    cli = startCli(args, { cwd: folder, timeoutMs: 200_000 });
    const [, address = ''] = await cli.printed(/web UI: (http:\S+)/);
    browser = await startBrowser();
    page = await browser.newPage({ viewport: { width: 360, height: 740 } });
    complaints = complaintsOf(page);
    await page.goto(address);
  });
  afterAll(async () => {
    await browser?.close();
    cli?.signal('SIGINT');
    await cli?.ended;
  });

  const placeholderOf = (name: string) => () => page.getByLabel(name, { exact: true }).getAttribute('placeholder');

  test('empty fields show what holds: of both scenarios of the script, then the profile with its own limit, then beside what is typed', async () => {
    await expect.poll(placeholderOf('Users'), { timeout: 20_000 }).toBe('of 2 scenarios');
    expect(await placeholderOf('max_p95')()).toBe('5s');
    await page.getByLabel('Profile').selectOption('calm');
    await expect.poll(placeholderOf('Users')).toBe('3');
    expect(await placeholderOf('Duration')()).toBe('90s');
    expect(await placeholderOf('max_p95')()).toBe('9s');
    await page.getByLabel('Profile').selectOption('');
    await page.getByLabel('Duration', { exact: true }).fill('2m');
    await expect.poll(placeholderOf('Users'), { timeout: 20_000 }).toBe('1');
    await page.getByLabel('Duration', { exact: true }).fill('');
    await expect.poll(placeholderOf('Users'), { timeout: 20_000 }).toBe('of 2 scenarios');
  });

  test.each([
    ['Users', '9', /expected at most 8 users at once; got 9/],
    ['Duration', 'soon', /expected .*; got "soon"/],
    ['Stages', '10s', /expected .*; got "10s"/],
    ['max_p95', 'quick', /expected .*quick/],
    ['Tags', 'scenario=1', /expected a name that is none of/],
    ['Tags', 'main', /expected name=value on each line; got "main"/],
    ['Variables', 'PLAN', /expected KEY=VALUE on each line; got "PLAN"/],
  ])('%s of %j is refused at its field, which is marked, and nothing can be started', async (name, text, words) => {
    const field = page.getByLabel(name, { exact: true });
    await field.fill(text);
    const fault = page.getByRole('alert');
    await expect.poll(() => fault.allTextContents(), { timeout: 20_000 }).toEqual([expect.stringMatching(words)]);
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    expect(await fault.getAttribute('id')).toBe(await field.getAttribute('aria-describedby'));
    expect(await page.getByRole('button', { name: 'Start', exact: true }).isDisabled()).toBe(true);
    expect(await accessibilityFaults(page)).toEqual([]);
    await field.fill('');
    await expect.poll(() => fault.count(), { timeout: 20_000 }).toBe(0);
  });

  test('one scenario, a variable and a tag of the form are those of the run; the value of `-e TOKEN` is nowhere in the page', async () => {
    await page.getByLabel('browse', { exact: true }).uncheck();
    await page.getByLabel('Variables', { exact: true }).fill('PLAN=pro');
    await page.getByLabel('Tags', { exact: true }).fill('branch=main');
    await page.getByText('Given on the command line: TOKEN.').waitFor();
    expect(await page.content()).not.toContain('never-shown-9');
    await expect.poll(placeholderOf('Users'), { timeout: 20_000 }).toBe('2');
    const { entry, plan, result } = await startedAndEnded();
    expect(plan?.scenarios.map(({ name }) => name)).toEqual(['order']);
    expect(entry.tags).toEqual({ branch: 'main' });
    expect(result?.requests.map(({ name }) => name)).toEqual(['order pro', 'Aggregated']);
  });

  test('stages of the form are the run: 1 user after 1 s, 4 after 3 s', async () => {
    await page.getByRole('link', { name: 'Start' }).click();
    await page.getByLabel('Stages', { exact: true }).fill('1s:1, 2s:4');
    await page.getByText('The load above replaces them').waitFor();
    await page.getByRole('img', { name: 'up to 4 users' }).waitFor();
    const { plan } = await startedAndEnded();
    expect(plan?.scenarios.map(({ name, executor, durationS }) => [name, executor, durationS])).toEqual([['default', 'ramping-vus', 3]]);
    expect(complaints.filter((text) => !text.includes('422'))).toEqual([]);
  });

  async function startedAndEnded(): Promise<RunView> {
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL(/#\/runs\//, { timeout: 30_000 });
    await page.getByText(/^Verdict: /).waitFor({ timeout: 60_000 });
    return (await page.evaluate('fetch("api/v1/runs/current").then((answer) => answer.json())')) as RunView;
  }
});
