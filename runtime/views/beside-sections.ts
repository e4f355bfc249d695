// Tables beside the rows of requests: by tag, tasks, groups, setup and teardown.

import { formatMs, formatNumber, formatRatio } from '../core/page-figures.ts';
import { timesOf } from '../core/request-figures.ts';
import type { GroupRow, TagRow, TaskRow } from '../core/run-json.ts';
import type { UncountedLine } from './api.ts';
import type { RunSection } from './run-section.ts';
import type { ShownRun } from './shown-run.ts';
import { type Content, numberColumns, type TableColumn, tableModel } from './table-model.ts';

/** `GET /health`. */
export function requestCell({ method, name }: { readonly method: string; readonly name: string }): Content[] {
  return method === '' ? [name] : [{ text: method, looks: 'method' }, ` ${name}`];
}

/** A count that is bad unless it is 0. */
export function badCount(count: number, tip?: string): Content {
  const text = formatNumber(count);
  return count === 0 ? text : { text, looks: 'bad-text', ...(tip === undefined ? {} : { tip }) };
}

const GROUP_COLUMNS: readonly TableColumn<GroupRow>[] = [
  { title: 'Group', isHead: true, cell: ({ group }) => group },
  ...numberColumns<GroupRow>([
    ['Times', ({ times }) => formatNumber(times), ({ times }) => times],
    ['Took p50', ({ durationMs }) => formatMs(durationMs?.p50), ({ durationMs }) => durationMs?.p50 ?? -1],
    ['Took p95', ({ durationMs }) => formatMs(durationMs?.p95), ({ durationMs }) => durationMs?.p95 ?? -1],
    ['Requests', ({ requests }) => formatNumber(requests), ({ requests }) => requests],
    ['Failed', ({ failed }) => badCount(failed), ({ failed }) => failed],
    ['Req/s', ({ perSecond }) => formatNumber(perSecond), ({ perSecond }) => perSecond],
    ['Request p95', ({ responseTimeMs }) => formatMs(responseTimeMs?.p95), ({ responseTimeMs }) => responseTimeMs?.p95 ?? -1],
    ['Checks', ({ checks }) => formatNumber(checks), ({ checks }) => checks],
    ['Failed checks', ({ checksFailed }) => badCount(checksFailed), ({ checksFailed }) => checksFailed],
  ]),
];

/** Groups of the script. */
export function groupSection({ groups = [] }: ShownRun): RunSection {
  const title = 'Groups';
  const blocks = groups.length === 0 ? [] : [{ kind: 'table' as const, table: tableModel(title, GROUP_COLUMNS, groups) }];
  return { id: 'groups', title, tab: 'requests', blocks };
}

const UNCOUNTED_COLUMNS: readonly TableColumn<UncountedLine>[] = [
  { title: 'Part', cell: ({ period }) => period },
  { title: 'Task', cell: ({ task }) => task },
  { title: 'Request', isHead: true, cell: requestCell, sortBy: ({ name }) => name },
  ...numberColumns<UncountedLine>([
    ['Requests', ({ count }) => formatNumber(count), ({ count }) => count],
    ['Failed', ({ failed }) => badCount(failed), ({ failed }) => failed],
    ['p50', ({ responseMs }) => formatMs(responseMs?.p50), ({ responseMs }) => responseMs?.p50 ?? -1],
    ['p95', ({ responseMs }) => formatMs(responseMs?.p95), ({ responseMs }) => responseMs?.p95 ?? -1],
    ['Max', ({ responseMs }) => formatMs(responseMs?.max), ({ responseMs }) => responseMs?.max ?? -1],
  ]),
];

/** Requests of setup and teardown, which are in no verdict. */
export function uncountedSection({ uncounted }: ShownRun): RunSection {
  const title = 'Requests of setup and teardown, outside the verdict';
  const blocks = uncounted.length === 0 ? [] : [{ kind: 'table' as const, table: tableModel(title, UNCOUNTED_COLUMNS, uncounted) }];
  return { id: 'uncounted', title, tab: 'requests', blocks };
}

function tagColumns(tag: string): TableColumn<TagRow>[] {
  const time = (title: string, stat: 'avg' | 'p50' | 'p95' | 'p99' | 'max') =>
    [title, (row: TagRow) => formatMs(timesOf(row)?.[stat]), (row: TagRow) => timesOf(row)?.[stat] ?? -1] as const;
  return [
    { title: tag, isHead: true, cell: ({ value }) => value },
    ...numberColumns<TagRow>([
      ['Requests', ({ count }) => formatNumber(count), ({ count }) => count],
      ['Failed', ({ failed }) => badCount(failed), ({ failed }) => failed],
      ['Req/s', ({ perSecond }) => formatNumber(perSecond), ({ perSecond }) => perSecond],
      time('Average', 'avg'),
      time('p50', 'p50'),
      time('p95', 'p95'),
      time('p99', 'p99'),
      time('Max', 'max'),
    ]),
  ];
}

/** A table for each tag that was asked for. */
export function tagSections({ byTag = [] }: ShownRun): RunSection[] {
  return byTag.map(({ tag, rows }, i) => {
    const title = `Requests by ${tag}`;
    const blocks = rows.length === 0 ? [] : [{ kind: 'table' as const, table: tableModel(title, tagColumns(tag), rows) }];
    return { id: `by-tag-${i + 1}`, title, tab: 'requests', blocks };
  });
}

const TASK_COLUMNS: readonly TableColumn<TaskRow>[] = [
  { title: 'Task', isHead: true, cell: ({ task }) => task },
  ...numberColumns<TaskRow>([
    ['Asked', ({ askedRatio }) => formatRatio(askedRatio), ({ askedRatio }) => askedRatio],
    ['Of the requests', ({ requestRatio }) => formatRatio(requestRatio), ({ requestRatio }) => requestRatio ?? -1],
    ['Requests', ({ requests }) => formatNumber(requests), ({ requests }) => requests],
  ]),
];

/** How often the tasks of the mix were to be drawn, and what came of it. */
export function taskSection({ tasks = [] }: ShownRun): RunSection {
  const title = 'Tasks';
  const text = 'Asked: share of the iterations, by weight. A task of several requests has more of the requests than of the iterations.';
  const blocks: RunSection['blocks'] =
    tasks.length === 0
      ? []
      : [
          { kind: 'words', text },
          { kind: 'table', table: tableModel(title, TASK_COLUMNS, tasks) },
        ];
  return { id: 'tasks', title, tab: 'requests', blocks };
}
