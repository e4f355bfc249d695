import { JUDGED_PERIODS } from '../core/plan.ts';
import type { Tags } from '../core/records.ts';
import { HTTP } from '../core/roles.ts';
import { OVERFLOW_TAG } from '../core/rows.ts';
import { OTHER_VALUES, type TagRow, type TagTable, WITHOUT_TAG } from '../core/run-json.ts';
import { requestNumbers } from './request-rows.ts';
import type { MetricStore, SeriesFilter } from './store.ts';

/** Values of a tag that have a row each, those with the most requests; further ones share a row. */
const VALUES_MAX = 50;

/** What comes of the tags that tables were asked for. */
export interface TagTables {
  readonly tables: readonly TagTable[];
  /** Tags that no request had. */
  readonly unknown: readonly string[];
  /** Tags that requests had, by name. */
  readonly seen: readonly string[];
  /** What has to be told of the tables. */
  readonly notes: readonly string[];
}

/** A table for each tag: the requests of the load by its values. @param measuredS what rates are divided by */
export function tagTablesOf(store: MetricStore, by: readonly string[], measuredS: number): TagTables {
  const seen = seenTags(store);
  const known = by.filter((tag) => seen.includes(tag));
  const tables = known.map((tag) => tableOf(store, tag, measuredS));
  return {
    tables,
    unknown: by.filter((tag) => !seen.includes(tag)),
    seen,
    notes: tables.flatMap(({ tag, values }) =>
      values <= VALUES_MAX
        ? []
        : [
            `${tag} had ${values} values: the ${VALUES_MAX} with the most requests have a row each in its table, the others share one; a tag is for a few values (plan: 'free'), not for numbers of users or orders`,
          ],
    ),
  };
}

/** Of the requests of the load, those cut off among them. */
function requestTags(store: MetricStore): Tags[] {
  const cutOff = store.series(HTTP.cutOff, { periods: JUDGED_PERIODS, keeps: ({ kind }) => kind !== 'dropped' });
  return [...store.series(HTTP.failed, { periods: JUDGED_PERIODS }), ...cutOff].map(({ tags }) => tags);
}

/** In the order of their names. */
function seenTags(store: MetricStore): string[] {
  const seen = new Set(requestTags(store).flatMap((tags) => Object.keys(tags).filter((tag) => hasValue(tags[tag]))));
  for (const ours of [OVERFLOW_TAG, 'kind']) seen.delete(ours);
  return [...seen].sort();
}

function tableOf(store: MetricStore, tag: string, measuredS: number): TagTable {
  const counts = new Map<string, number>();
  let [isLacking, isOverflown] = [false, false];
  for (const tags of requestTags(store)) {
    const value = tags[tag];
    if (hasValue(value)) counts.set(value, 0);
    else if (tags[OVERFLOW_TAG] !== undefined) isOverflown = true;
    else isLacking = true;
  }
  const shown = shownOf(store, tag, counts);
  const row = (value: string, where: Pick<SeriesFilter, 'tags' | 'keeps'>): TagRow => ({
    value,
    ...requestNumbers(store, { ...where, periods: JUDGED_PERIODS }, measuredS),
  });
  const isOther = (tags: Tags): boolean => {
    const value = tags[tag];
    return hasValue(value) ? !shown.has(value) : tags[OVERFLOW_TAG] !== undefined;
  };
  const isLackingIt = (tags: Tags): boolean => !hasValue(tags[tag]) && tags[OVERFLOW_TAG] === undefined && tags['kind'] !== 'dropped';
  return {
    tag,
    values: counts.size,
    rows: [
      ...[...shown].sort(inOrder).map((value) => row(value, { tags: { [tag]: value } })),
      ...(isOverflown || counts.size > shown.size ? [row(OTHER_VALUES, { keeps: isOther })] : []),
      ...(isLacking ? [row(WITHOUT_TAG, { keeps: isLackingIt })] : []),
    ],
  };
}

/** One of no task, no group, no phase is as good as none. */
function hasValue(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

/** All values, or as many as have a row, those with the most requests. */
function shownOf(store: MetricStore, tag: string, counts: Map<string, number>): Set<string> {
  if (counts.size <= VALUES_MAX) return new Set(counts.keys());
  for (const value of counts.keys())
    counts.set(value, store.rate(HTTP.failed, { periods: JUDGED_PERIODS, tags: { [tag]: value } })?.count ?? 0);
  const most = [...counts].sort(([a, ofA], [b, ofB]) => ofB - ofA || inOrder(a, b));
  return new Set(most.slice(0, VALUES_MAX).map(([value]) => value));
}

/** 2 before 10. */
function inOrder(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
