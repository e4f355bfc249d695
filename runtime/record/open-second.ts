import type { SeriesDelta, SeriesIdentity } from '../core/delta.ts';
import { Histogram } from '../core/histogram.ts';
import { isExpectedAnswer } from '../core/roles.ts';
import {
  type CheckSecond,
  type GaugeSecond,
  type GroupSecond,
  type LoadPart,
  type LoadSecond,
  type RowPart,
  type RowSecond,
  type Second,
  Times,
} from './second.ts';

/** What the deltas of a series are to a second. */
export type Use = 'requests' | 'answers' | 'durations' | 'sent' | 'received' | 'bodies' | 'checks' | 'gauge' | 'group' | 'samples';

export interface SeriesUse {
  readonly use: Use;
  readonly part: RowPart;
  readonly identity: SeriesIdentity;
  /** Of requests: where they are counted. */
  readonly row: OpenRow | undefined;
  /** Of what is judged: the group of the script that it belongs to. */
  readonly group: string | undefined;
}

/** One row of one part, and what came of it in the open second. */
export interface OpenRow extends Pick<RowSecond, 'part' | 'who' | 'key' | 'task'> {
  now: RowSecond | undefined;
}

/** A second in the making: what its deltas come to so far. */
export class OpenSecond {
  readonly deltas: SeriesDelta[] = [];
  readonly #rows: RowSecond[] = [];
  readonly #uncounted: RowSecond[] = [];
  readonly #groups = new Map<string, GroupSecond>();
  readonly #parts: Record<LoadPart, LoadSecond> = { 'warm-up': emptyLoad(), judged: emptyLoad() };
  readonly #checks: CheckSecond[] = [];
  readonly #gauges: GaugeSecond[] = [];
  /** Those with something in them. */
  readonly #openRows: OpenRow[] = [];

  /** @param use - undefined: it has nothing to do with the load */
  add(use: SeriesUse | undefined, delta: SeriesDelta): void {
    if (use !== undefined) this.#addOfUse(use, delta);
    this.deltas.push(delta);
  }

  /** It is over: its rows are free for the next. */
  close(): Pick<Second, 'rows' | 'uncounted' | 'groups' | 'warmUp' | 'judged' | 'all' | 'checks' | 'gauges'> & {
    readonly deltas: readonly SeriesDelta[];
  } {
    for (const row of this.#openRows) row.now = undefined;
    const [warmUp, judged] = [this.#parts['warm-up'], this.#parts.judged];
    return {
      deltas: this.deltas,
      rows: this.#rows,
      uncounted: this.#uncounted,
      groups: [...this.#groups.values()],
      warmUp,
      judged,
      all: sumOf(warmUp, judged),
      checks: this.#checks,
      gauges: this.#gauges,
    };
  }

  #addOfUse(series: SeriesUse, delta: SeriesDelta): void {
    const { part, row, group } = series;
    if (row !== undefined) addToRow(this.#opened(row), series, delta);
    if (!isLoad(part)) return;
    this.#addToLoad(part, series, delta);
    if (group !== undefined) this.#addToGroup(group, series, delta);
  }

  #addToLoad(part: LoadPart, { use, identity }: SeriesUse, delta: SeriesDelta): void {
    const total = this.#parts[part];
    if (delta.count > 0) total.hasSamples = true;
    switch (delta.type) {
      case 'rate':
        if (use === 'checks') this.#checks.push(checkOf(part, identity, delta));
        if (use !== 'requests') return;
        total.requests += delta.count;
        total.failures += delta.passes;
        return;
      case 'trend':
        if (use === 'durations') total.durations.add(delta);
        if (use === 'answers' && isExpectedAnswer(identity.tags)) total.answers.add(delta);
        return;
      case 'counter':
        if (use === 'sent') total.bytesSent += delta.sum;
        if (use === 'received') total.bytesReceived += delta.sum;
        if (use === 'bodies') total.bodyBytes += delta.sum;
        return;
      case 'gauge':
        if (use === 'gauge' && delta.count > 0)
          this.#gauges.push({ metric: identity.metric, unit: identity.unit, tags: identity.tags, last: delta.last });
    }
  }

  #addToGroup(name: string, { use, identity }: SeriesUse, delta: SeriesDelta): void {
    if (use !== 'requests' && use !== 'answers' && use !== 'checks' && use !== 'group') return;
    const counts = { requests: 0, failures: 0, measured: 0, checks: 0, checksFailed: 0 };
    const group = this.#groups.get(name) ?? { group: name, ...counts, durations: new Times(), expected: new Times() };
    this.#groups.set(name, group);
    if (delta.type === 'rate' && use === 'requests') {
      group.requests += delta.count;
      group.failures += delta.passes;
      if (identity.period === 'measured') group.measured += delta.count;
    } else if (delta.type === 'rate') {
      group.checks += delta.count;
      group.checksFailed += delta.count - delta.passes;
    } else if (delta.type === 'trend' && use === 'group') group.durations.push(delta);
    else if (delta.type === 'trend' && isExpectedAnswer(identity.tags)) group.expected.push(delta);
  }

  #opened(row: OpenRow): RowSecond {
    if (row.now !== undefined) return row.now;
    const { part, who, key, task } = row;
    row.now = {
      ...{ part, who, key, task, requests: 0, failures: 0, bytesReceived: 0, bodyBytes: 0 },
      ...{ expected: new Times(), unexpected: new Times() },
    };
    this.#openRows.push(row);
    (isLoad(part) ? this.#rows : this.#uncounted).push(row.now);
    return row.now;
  }
}

/** Setup and teardown are none. */
export function isLoad(part: RowPart): part is LoadPart {
  return part === 'warm-up' || part === 'judged';
}

function addToRow(row: RowSecond, { use, identity }: SeriesUse, delta: SeriesDelta): void {
  if (delta.type === 'rate') {
    row.requests += delta.count;
    row.failures += delta.passes;
  } else if (delta.type === 'trend') (isExpectedAnswer(identity.tags) ? row.expected : row.unexpected).push(delta);
  else if (delta.type === 'counter') row[use === 'bodies' ? 'bodyBytes' : 'bytesReceived'] += delta.sum;
}

function checkOf(part: LoadPart, { tags }: SeriesIdentity, { count, passes }: { count: number; passes: number }): CheckSecond {
  return { part, task: tags['task'] ?? '', check: tags['check'], count, passes };
}

function emptyLoad(): LoadSecond {
  const counts = { requests: 0, failures: 0, bytesSent: 0, bytesReceived: 0, bodyBytes: 0 };
  return { hasSamples: false, ...counts, answers: new Histogram('time'), durations: new Histogram('time') };
}

/** One of them itself where the other is empty, as it is but in the second between them. */
function sumOf(a: LoadSecond, b: LoadSecond): LoadSecond {
  if (!a.hasSamples || !b.hasSamples) return a.hasSamples ? a : b;
  const sum = { ...emptyLoad(), hasSamples: true };
  for (const part of [a, b]) {
    for (const count of ['requests', 'failures', 'bytesSent', 'bytesReceived', 'bodyBytes'] as const) sum[count] += part[count];
    sum.answers.addAll(part.answers);
    sum.durations.addAll(part.durations);
  }
  return sum;
}
