import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { renderHtml } from '../../../../runtime/report/html/render-html.ts';
import type { PageData } from '../../../../runtime/views/report-data.ts';
import { emptyRun, fullRun } from '../fixed-runs.ts';
import { failedReport, HOSTILE, hostileReport, passedReport } from '../simulated.ts';

const assets = { script: 'document.body.dataset.ready = "true";', style: 'body { margin: 0 }' };
const golden = (name: string): string => `${import.meta.dirname}/../../../golden/${name}`;
const dataOf = (page: string): PageData =>
  JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? '') as PageData;
/** Text that a reader sees. */
const textOf = (page: string): string => page.replace(/<(script|style)[^>]*>.*?<\/\1>/gs, '').replace(/<[^>]+>/g, ' ');

test.each([
  ['passed', passedReport],
  ['failed', failedReport],
] as const)('the page of the %s run is its golden file, data left out', async (name, run) => {
  const page = renderHtml(run, { assets, plan: { version: 1, seed: 42 } }).replace(
    /(<script type="application\/json" id="data">).*?(<\/script>)/s,
    '$1…$2',
  );
  await expect(page).toMatchFileSnapshot(golden(`report-${name}.html`));
});

test('nothing of a hostile script or target becomes an element, an attribute or the end of a script', () => {
  const page = renderHtml(hostileReport, { assets, plan: { name: HOSTILE } });
  expect(page).not.toMatch(/<img|onerror="|<!--/);
  expect([...page.matchAll(/<script/g)]).toHaveLength(2);
  expect([...page.matchAll(/<\/script>/g)]).toHaveLength(2);
  expect(textOf(page)).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&#39;&quot;&amp;');
  expect(dataOf(page).run.requests[0]?.name).toContain(HOSTILE);
});

test('only the script and the style of the page may run: the policy names their hashes and allows no connection', () => {
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(renderHtml(passedReport, { assets }))?.[1] ?? '';
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  expect(policy).toContain(`script-src ${hash(assets.script)};`);
  expect(policy).toContain(`style-src ${hash(assets.style)};`);
  expect(policy).toContain("default-src 'none'");
  expect(policy).not.toMatch(/unsafe|connect-src|https?:/);
});

test('lines of code in a reason stay lines, and a threshold under its own metric names it once', () => {
  const frame = ['  5 | const a = 1;', '> 6 |   a.b.c();', '    |       ^'];
  const own = 'http_req_response_time{name:/a}';
  const [threshold] = passedReport.thresholds;
  if (threshold === undefined) throw new Error('expected a threshold');
  const page = renderHtml(
    {
      ...passedReport,
      verdict: { outcome: 'error', reasons: [`setup() threw TypeError: no (a.ts:6:3)\n${frame.join('\n')}`] },
      thresholds: [{ ...threshold, source: `options.thresholds[${JSON.stringify(own)}]`, expression: `${own}: p(95)<2s` }],
    },
    { assets },
  );
  expect(page).toContain(`<li>setup() threw TypeError: no (a.ts:6:3)<pre tabindex="0">${frame.join('\n').replace('>', '&gt;')}</pre></li>`);
  expect(textOf(page).split(own)).toHaveLength(2);
});

test('the sections stand in the order of the tabs of the UI', () => {
  const ids = [...renderHtml(failedReport, { assets }).matchAll(/<section id="(\w+)"/g)].map(([, id]) => id);
  const order = ['thresholds', 'charts', 'requests', 'phases', 'failures', 'checks', 'metrics', 'load', 'setting'];
  expect(ids.filter((id) => order.includes(id ?? ''))).toEqual(order);
});

test('the verdict comes before everything else, in words', () => {
  const text = textOf(renderHtml(failedReport, { assets }));
  expect(text.indexOf('Verdict: failed')).toBeGreaterThan(0);
  expect(text.indexOf('Verdict: failed')).toBeLessThan(text.indexOf('Thresholds'));
  expect(text).toContain('2,400 requests in 30s (80/s), 4 failed (0.17%).');
  expect(text).toContain('Of 3 thresholds: 2 missed, 1 that cannot be judged.');
});

test('the data in the page are the numbers of run.json', () => {
  const { run, curves, rows } = dataOf(renderHtml(passedReport, { assets }));
  expect(run.requests).toEqual(passedReport.requests);
  expect(curves).toHaveLength(3);
  expect(curves[0]?.responseTime.at(-1)?.[0]).toBe(1);
  expect(rows?.rows.map((row) => row.requests.reduce((sum, count) => sum + count, 0))).toEqual([1200, 1200]);
});

test('a run of an older version, without series or details, and one without a request have pages too', () => {
  for (const run of [fullRun, emptyRun]) {
    const page = renderHtml(run, { assets });
    expect(page).toContain('id="verdict"');
    expect(page).not.toContain('id="charts"');
  }
});

test('an hour of 3,600 points stays as it is, two hours become 3,600 points of 2 s', () => {
  const { series } = passedReport;
  if (series === undefined) throw new Error('the simulated run has a series');
  const long = (seconds: number): typeof passedReport => {
    const many = <T>(column: readonly T[]): T[] => Array.from({ length: seconds }, (_, i) => column[i % column.length] as T);
    return {
      ...passedReport,
      series: {
        ...series,
        endS: Array.from({ length: seconds }, (_, i) => i + 1),
        lengthS: many(series.lengthS),
        requests: many(series.requests),
        users: many(series.users),
      },
    };
  };
  const hour = dataOf(renderHtml(long(3600), { assets })).series;
  const two = dataOf(renderHtml(long(7200), { assets })).series;
  expect([hour?.endS.length, hour?.foldedBy]).toEqual([3600, 1]);
  expect([two?.endS.length, two?.foldedBy, two?.requests[0], two?.endS.at(-1)]).toEqual([3600, 2, 160, 7200]);
});

test('a bar is green for what is met alone: a miss by 1,070 % is not, nor what is over its limit and undecided', () => {
  const [threshold] = passedReport.thresholds;
  if (threshold === undefined) throw new Error('expected a threshold');
  const barOf = (outcome: (typeof threshold)['outcome']): string | undefined => {
    const thresholds = [{ ...threshold, outcome, limit: 10, actual: 117 }];
    return /<li class="(\w+)" title/.exec(renderHtml({ ...passedReport, thresholds }, { assets }))?.[1];
  };
  expect((['met', 'missed', 'undecided'] as const).map(barOf)).toEqual(['good', 'bad', 'warn']);
});
