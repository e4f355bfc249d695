import { RATE_PER_SECOND_MAX, USERS_MAX } from '../config/schema-fields.ts';
import { ConfigError } from '../core/errors.ts';
import { nearestOf } from '../core/nearest.ts';
import type { LoadChange, RunPlan, ScenarioPlan } from '../core/plan.ts';
import type { RunSegment } from '../core/run-json.ts';
import { BASE_SEGMENT } from '../verdict/segments.ts';

/** What somebody wants of a run that goes on. */
export interface LoadEdit {
  /** Absent: all that it can mean, each by its share of what there is now. */
  readonly scenario?: string;
  /** Users of closed models; without any, most users of open ones. */
  readonly users?: number;
  /** Starts a second of open models. */
  readonly rate?: number;
}

/** Load of a scenario as it was last set. */
export interface ScenarioLoad {
  readonly scenario: string;
  readonly model: 'closed' | 'open';
  users: number;
  /** Of users at once, most so far. */
  usersMax: number;
  /** Starts a second; null in a closed model. */
  rate: number | null;
}

/** An edit that has been allowed, before it is known when it takes effect. */
export interface PlannedEdit {
  readonly phase: string;
  /** In words: `users 20 → 40 (default)`. */
  readonly change: string;
  readonly changes: readonly Omit<LoadChange, 'atUs'>[];
  /** VUs that are not there yet. */
  readonly enlisted: readonly { scenario: number; from: number; to: number }[];
}

/** The load of a run as edits leave it, and the stretches between them. */
export class LoadEdits {
  readonly #plan: RunPlan;
  readonly #loads: ScenarioLoad[];
  readonly #segments: { phase: string; fromS: number; change: string }[] = [{ phase: BASE_SEGMENT, fromS: 0, change: '' }];

  constructor(plan: RunPlan) {
    this.#plan = plan;
    this.#loads = plan.scenarios.map((scenario) => ({
      scenario: scenario.name,
      model: scenario.kind,
      users: scenario.users,
      usersMax: scenario.users,
      rate: ratePerSecondMax(scenario),
    }));
  }

  /** A copy, by scenario in the order of the plan. Before the first edit of a scenario: the most that its plan has. */
  get loads(): ScenarioLoad[] {
    return this.#loads.map((load) => ({ ...load }));
  }

  get isEdited(): boolean {
    return this.#segments.length > 1;
  }

  /** The stretches of a run of `measuredS`. */
  segments(measuredS: number): Omit<RunSegment, 'thresholds'>[] {
    return this.#segments.map((segment, i) => ({ ...segment, toS: this.#segments[i + 1]?.fromS ?? Math.max(measuredS, segment.fromS) }));
  }

  /** What an edit comes to. Changes nothing yet. @throws {ConfigError} when it is not possible or not allowed */
  plan(edit: LoadEdit): PlannedEdit {
    const after = this.loads;
    if (edit.users === undefined && edit.rate === undefined) throw new ConfigError('edit', 'expected users or a rate; got neither');
    const users = edit.users === undefined ? [] : this.#setUsers(after, { ...edit, users: edit.users });
    const rates = edit.rate === undefined ? [] : this.#setRate(after, { ...edit, rate: edit.rate });
    this.#bound(after);
    const phase = `edit-${this.#segments.length}`;
    // Scenarios that stay as they are get the phase too: a stretch is one of the whole run.
    const changes = after.map((load, scenario) => ({
      scenario,
      phase,
      ...(users.includes(load) ? { users: load.users } : {}),
      ...(rates.includes(load) ? { rate: ((load.rate ?? 0) * timeUnitUsOf(this.#plan.scenarios[scenario])) / 1_000_000 } : {}),
    }));
    const enlisted = after.flatMap((load, scenario) => {
      const from = (this.#loads[scenario] as ScenarioLoad).usersMax;
      return load.users > from ? [{ scenario, from, to: load.users }] : [];
    });
    return { phase, change: this.#wordsFor(after, { users, rates }), changes, enlisted };
  }

  /** The VUs of an edit are there, whatever becomes of it. */
  enlisted({ enlisted }: PlannedEdit): void {
    for (const { scenario, to } of enlisted) {
      const load = this.#loads[scenario] as ScenarioLoad;
      load.usersMax = Math.max(load.usersMax, to);
    }
  }

  /** The edit takes effect. @param atS - seconds since the measured period began */
  apply({ phase, change, changes }: PlannedEdit, atS: number): void {
    this.#segments.push({ phase, fromS: atS, change });
    for (const { scenario, users, rate } of changes) {
      const load = this.#loads[scenario] as ScenarioLoad;
      if (users !== undefined) load.users = users;
      if (rate !== undefined) load.rate = (rate * 1_000_000) / timeUnitUsOf(this.#plan.scenarios[scenario]);
    }
  }

  #setUsers(loads: readonly ScenarioLoad[], edit: LoadEdit & { users: number }): ScenarioLoad[] {
    const { users } = edit;
    const asked = this.#chosen(loads, edit);
    const closed = asked.filter(({ model }) => model === 'closed');
    const chosen = closed.length > 0 ? closed : asked;
    const lowest = closed.length > 0 ? 0 : chosen.length;
    if (!Number.isInteger(users) || users < lowest || users > USERS_MAX)
      throw new ConfigError('users', `expected a whole number of users from ${lowest} to ${USERS_MAX}; got ${users}`);
    const shares = sharedOut(
      users,
      chosen.map((load) => load.users),
      closed.length > 0 ? 0 : 1,
    );
    chosen.forEach((load, i) => {
      load.users = shares[i] as number;
    });
    return chosen;
  }

  #setRate(loads: readonly ScenarioLoad[], edit: LoadEdit & { rate: number }): ScenarioLoad[] {
    const { rate } = edit;
    if (!Number.isFinite(rate) || rate < 0 || rate > RATE_PER_SECOND_MAX)
      throw new ConfigError('rate', `expected a number from 0 to ${RATE_PER_SECOND_MAX} (starts a second); got ${rate}`);
    const chosen = this.#chosen(loads, edit).filter(({ model }) => model === 'open');
    if (chosen.length === 0)
      throw new ConfigError(
        'rate',
        `expected users: ${edit.scenario ?? 'this run'} is a closed model, where users wait for their answers; got a rate`,
        {
          hint: 'a profile with an arrival_rate has a rate',
        },
      );
    const sum = chosen.reduce((total, load) => total + (load.rate ?? 0), 0);
    for (const load of chosen) load.rate = sum > 0 ? (rate * (load.rate ?? 0)) / sum : rate / chosen.length;
    return chosen;
  }

  #chosen(loads: readonly ScenarioLoad[], { scenario }: LoadEdit): ScenarioLoad[] {
    if (scenario === undefined) return [...loads];
    const found = loads.filter((load) => load.scenario === scenario);
    if (found.length > 0) return found;
    const names = loads.map((load) => load.scenario);
    const near = nearestOf(scenario, names);
    throw new ConfigError('scenario', `expected one of ${names.join(', ')}; got ${JSON.stringify(scenario)}`, {
      ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
    });
  }

  /** The bounds of the environment hold for edits as for plans. */
  #bound(loads: readonly ScenarioLoad[]): void {
    const { name, usersMax, rpsMax } = this.#plan.environment;
    const [users, usersBefore] = [usersOf(loads), usersOf(this.#loads)];
    const [rate, rateBefore] = [rateOf(loads), rateOf(this.#loads)];
    if (users > USERS_MAX) throw new ConfigError('users', `expected at most ${USERS_MAX} users in all scenarios together; got ${users}`);
    // scenarios that follow each other may be more together than there ever are at once
    if (usersMax !== undefined && users > usersMax && users > usersBefore)
      throw new ConfigError('users', `expected at most ${usersMax} users at once, as environments.${name}.max_users says; got ${users}`);
    if (rpsMax !== undefined && rate > rpsMax && rate > rateBefore)
      throw new ConfigError('rate', `expected at most ${rpsMax} starts a second, as environments.${name}.max_rps says; got ${shown(rate)}`);
  }

  #wordsFor(after: readonly ScenarioLoad[], { users, rates }: { users: readonly ScenarioLoad[]; rates: readonly ScenarioLoad[] }): string {
    const words = after.flatMap((load, i) => {
      const before = this.#loads[i] as ScenarioLoad;
      return [
        ...(users.includes(load) ? [`users ${before.users} → ${load.users} (${load.scenario})`] : []),
        ...(rates.includes(load) ? [`rate ${shown(before.rate ?? 0)}/s → ${shown(load.rate ?? 0)}/s (${load.scenario})`] : []),
      ];
    });
    return words.join(', ');
  }
}

function usersOf(loads: readonly ScenarioLoad[]): number {
  return loads.reduce((sum, load) => sum + load.users, 0);
}

function rateOf(loads: readonly ScenarioLoad[]): number {
  return loads.reduce((sum, load) => sum + (load.rate ?? 0), 0);
}

function shown(rate: number): string {
  return String(Number(rate.toPrecision(6)));
}

function timeUnitUsOf(scenario: ScenarioPlan | undefined): number {
  return scenario?.kind === 'open' ? scenario.timeUnitUs : 1_000_000;
}

function ratePerSecondMax(scenario: ScenarioPlan): number | null {
  if (scenario.kind === 'closed') return null;
  return (Math.max(...scenario.curve.map(({ rate }) => rate)) * 1_000_000) / scenario.timeUnitUs;
}

/** Whole numbers that add up to `total`, in the proportions of the weights, none below `lowest`; the largest remainders get what is left over. */
export function sharedOut(total: number, weights: readonly number[], lowest = 0): number[] {
  const free = total - lowest * weights.length;
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const exact = weights.map((weight) => (sum > 0 ? (free * weight) / sum : free / weights.length));
  const shares = exact.map(Math.floor);
  const left = free - shares.reduce((all, share) => all + share, 0);
  const byRemainder = exact.map((value, i) => ({ i, rest: value - Math.floor(value) })).sort((a, b) => b.rest - a.rest || a.i - b.i);
  for (const { i } of byRemainder.slice(0, Math.round(left))) shares[i] = (shares[i] as number) + 1;
  return shares.map((share) => share + lowest);
}
