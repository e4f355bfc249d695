import { expect, test } from 'vitest';
import type { RunJson } from '../../../runtime/core/run-json.ts';
import { renderHtml } from '../../../runtime/report/html/render-html.ts';
import { sectionsOfTab } from '../../../runtime/ui/run/shown-view.ts';
import type { RunView } from '../../../runtime/views/api.ts';
import type { RunSection } from '../../../runtime/views/run-section.ts';
import { sectionsOf } from '../../../runtime/views/run-sections.ts';
import { shownRun } from '../../../runtime/views/shown-run.ts';
import { tableModel } from '../../../runtime/views/table-model.ts';
import { emptyRun, fullRun } from '../report/fixed-runs.ts';
import { failedReport, passedReport } from '../report/simulated.ts';

const TABS = ['requests', 'failures', 'checks', 'metrics', 'workers', 'setting'] as const;
/** What the UI shows in a way of its own. */
const OWN = ['thresholds', 'charts', 'requests'];

function viewOf(result: RunJson): RunView {
  return { result, live: null, plan: null } as Partial<RunView> as RunView;
}
const textOf = (sections: readonly RunSection[]): string => JSON.stringify(sections);

test.each([
  ['passed', passedReport],
  ['failed', failedReport],
  ['full', fullRun],
  ['empty', emptyRun],
])('each section of the report of the %s run is in one tab of its page', (_, run) => {
  const inReport = [...renderHtml(run).matchAll(/<section id="([\w-]+)"/g)].map(([, id]) => id as string).filter((id) => !OWN.includes(id));
  const inTabs = TABS.flatMap((tab) => sectionsOfTab(viewOf(run), tab).map(({ id }) => id));
  expect(inReport.length).toBeGreaterThan(1);
  expect([...inTabs].sort()).toEqual([...inReport].sort());
});

test('a run that goes on has the tables that are known by then, and none of a result', () => {
  const live = {
    rows: [{ task: 'buy', name: '/a', method: 'GET', count: 3 }],
    groups: [],
    uncounted: [],
    checks: [{ name: 'up', task: 'buy', passes: 2, fails: 1 }],
    errors: [],
  } as unknown as RunView['live'];
  const plan = { tasks: [{ task: 'buy', askedRatio: 1 }] } as unknown as RunView['plan'];
  const view = { ...viewOf(failedReport), result: null, live, plan };
  expect(TABS.flatMap((tab) => sectionsOfTab(view, tab).map(({ id }) => id))).toEqual(['tasks', 'checks']);
});

test('a check that threw says why, with its group, and the load says what was dropped', () => {
  const [check] = failedReport.checks;
  if (check === undefined) throw new Error('expected a check');
  const run = { ...failedReport, checks: [{ ...check, fails: 1, group: '::pay', reason: 'TypeError: no\n  at a.ts:1' }] };
  const text = textOf(sectionsOf(shownRun({ ...run, starts: { ...run.starts, dropped: 1234 } })));
  expect(text).toContain('it threw: TypeError: no\\n  at a.ts:1');
  expect(text).toContain('::pay');
  expect(text).toContain('{"text":"1,234","looks":"bad-text"}');
});

test('a column in which no cell says anything is left out, with the total too', () => {
  const columns = [
    { title: 'Name', cell: (row: string) => row },
    { title: 'Nothing', cell: () => '–' },
    { title: 'Bar', cell: () => ({ phases: [0, 0] }) },
    { title: 'Total', cell: (row: string) => (row === 'all' ? '3' : '') },
  ];
  expect(tableModel('T', columns, ['a', 'b']).heads.map(({ title }) => title)).toEqual(['Name']);
  expect(tableModel('T', columns, ['a', 'b'], 'all').heads.map(({ title }) => title)).toEqual(['Name', 'Total']);
});

test('of 12 requests that failed alike the message is told once', () => {
  const [kept] = failedReport.kept ?? [];
  if (kept === undefined) throw new Error('expected a kept request');
  const failed = Array.from({ length: 12 }, (_, i) => ({ ...kept, why: 'failed' as const, status: 503, error: 'no slot free', vu: i }));
  const sections = sectionsOf(shownRun({ ...failedReport, kept: failed })).filter(({ id }) => id === 'failed');
  expect(textOf(sections).split('no slot free')).toHaveLength(2);
  expect(textOf(sections).split('"503"')).toHaveLength(13);
});
