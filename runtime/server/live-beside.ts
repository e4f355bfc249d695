import { Histogram } from '../core/histogram.ts';
import { JUDGED_PERIODS } from '../core/plan.ts';
import type { Period } from '../core/records.ts';
import { HTTP, isExpectedAnswer } from '../core/roles.ts';
import { rowKeyOf, rowOfTags } from '../core/rows.ts';
import type { GroupRow } from '../core/run-json.ts';
import { GROUPS_MAX } from '../record/breakdown.ts';
import { latencyOf } from '../record/request-rows.ts';
import type { LiveState, UncountedLine } from '../views/api.ts';
import type { NamedDelta } from './point-maker.ts';

/** Rows of setup and teardown shown at most: names may come from a script's data. */
const UNCOUNTED_MAX = 100;

interface Group extends Omit<GroupRow, 'durationMs' | 'responseTimeMs' | 'perSecond'> {
  /** Requests of the measured period alone. */
  measured: number;
  readonly duration: Histogram;
  readonly response: Histogram;
}

interface Uncounted extends Omit<UncountedLine, 'responseMs'> {
  readonly response: Histogram;
}

/** What stands beside the rows of requests while a run goes on: the script's groups, and the requests of setup and teardown. */
export class LiveBeside {
  readonly #groups = new Map<string, Group>();
  readonly #uncounted = new Map<string, Uncounted>();
  #measuredS = 0;

  /** Groups are counted anew; what setup asked is not of the load and stays. */
  reset(): void {
    this.#groups.clear();
    this.#measuredS = 0;
  }

  take(named: readonly NamedDelta[]): void {
    if (this.#measuredS > 0 || named.some(({ series }) => series.period === 'measured')) this.#measuredS++;
    for (const each of named) {
      const { period, tags } = each.series;
      if (period === 'setup' || period === 'teardown') this.#addUncounted(each, period);
      else if (JUDGED_PERIODS.includes(period) && tags['group']) this.#addToGroup(each, tags['group'], period);
    }
  }

  rows(): Pick<LiveState, 'groups' | 'uncounted'> {
    const groups = [...this.#groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
    return {
      groups: groups.map(({ measured, duration, response, ...group }) => ({
        ...group,
        durationMs: latencyOf(duration),
        perSecond: this.#measuredS === 0 ? 0 : measured / this.#measuredS,
        responseTimeMs: latencyOf(response),
      })),
      uncounted: [...this.#uncounted.values()].map(({ response, ...row }) => ({ ...row, responseMs: latencyOf(response) })),
    };
  }

  #addToGroup({ series: { metric, tags }, delta }: NamedDelta, name: string, period: Period): void {
    const isOfGroup = metric === 'group_duration' || metric === HTTP.failed || metric === HTTP.responseTime || metric === 'checks';
    const group = isOfGroup ? this.#groupOf(name) : undefined;
    if (group === undefined) return;
    if (delta.type === 'rate' && metric === HTTP.failed) {
      group.requests += delta.count;
      group.failed += delta.passes;
      if (period === 'measured') group.measured += delta.count;
    } else if (delta.type === 'rate' && metric === 'checks') {
      group.checks += delta.count;
      group.checksFailed += delta.count - delta.passes;
    } else if (delta.type === 'trend' && metric === 'group_duration') {
      group.times += delta.count;
      group.duration.add(delta);
    } else if (delta.type === 'trend' && isExpectedAnswer(tags)) {
      group.response.add(delta);
    }
  }

  #groupOf(name: string): Group | undefined {
    const known = this.#groups.get(name);
    if (known !== undefined || this.#groups.size >= GROUPS_MAX) return known;
    const counts = { times: 0, requests: 0, failed: 0, checks: 0, checksFailed: 0, measured: 0 };
    const group: Group = { group: name, ...counts, duration: new Histogram('time'), response: new Histogram('time') };
    this.#groups.set(name, group);
    return group;
  }

  #addUncounted({ series: { metric, tags }, delta }: NamedDelta, period: 'setup' | 'teardown'): void {
    if (metric !== HTTP.failed && metric !== HTTP.responseTime) return;
    const who = rowOfTags(tags);
    const key = `${period} ${rowKeyOf(who)}`;
    const row = this.#uncounted.get(key) ?? { period, ...who, count: 0, failed: 0, response: new Histogram('time') };
    if (!this.#uncounted.has(key) && this.#uncounted.size >= UNCOUNTED_MAX) return;
    this.#uncounted.set(key, row);
    if (delta.type === 'rate') {
      row.count += delta.count;
      row.failed += delta.passes;
    } else if (delta.type === 'trend') {
      row.response.add(delta);
    }
  }
}
