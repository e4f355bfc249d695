import type { ClosedScenarioPlan, OpenScenarioPlan, RatePoint, ScenarioPlan, WarmUpPlan } from '../core/plan.ts';
import { formatDurationUs } from '../core/units.ts';

const RATE_UNITS: Readonly<Record<number, string>> = { 1000000: 's', 60000000: 'm', 3600000000: 'h' };

/** A scenario of the plan on one line: `50/s for 5m, up to 100 users, queue when busy`. */
export function scenarioText(scenario: ScenarioPlan): string {
  const { phases, exec, startTimeUs } = scenario;
  const parts = [
    scenario.kind === 'open' ? openText(scenario) : closedText(scenario),
    phases.length === 0 ? '' : `phases ${phases.map(({ name }) => name).join(', ')}`,
    startTimeUs === 0 ? '' : `from ${formatDurationUs(startTimeUs)} on`,
    exec === 'default' ? '' : `${exec}()`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** `1 user`, `2 users`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

/** A warm-up for people. */
export function warmUpText(warmUp: WarmUpPlan): string {
  switch (warmUp.kind) {
    case 'none':
      return 'none';
    case 'requests':
      return counted(warmUp.requests, 'iteration');
    case 'duration':
      return formatDurationUs(warmUp.durationUs);
    case 'stable':
      return `until latencies are stable, at most ${formatDurationUs(warmUp.durationUsMax)}`;
  }
}

function openText({ curve, timeUnitUs, length, users, preAllocatedUsers, onBusy, arrivals }: OpenScenarioPlan): string {
  const ready = preAllocatedUsers < users ? ` (${preAllocatedUsers} at first)` : '';
  const howLong = formatDurationUs(length.durationUs);
  const random = arrivals === 'poisson' ? ' at random (poisson)' : '';
  return `${rateCurveText(curve, timeUnitUs)} for ${howLong}${random}, up to ${counted(users, 'user')}${ready}, ${onBusy} when busy`;
}

/** `50/s`, `10/s to 100/s`, `0/s to 50/s to 0/s`; of a long curve the ends and the peak. */
function rateCurveText(curve: readonly RatePoint[], timeUnitUs: number): string {
  const unit = RATE_UNITS[timeUnitUs] ?? `${formatDurationUs(timeUnitUs)}`;
  const levels = curve.map(({ rate }) => rate).filter((rate, i, all) => i === 0 || rate !== all[i - 1]);
  const peak = Math.max(...levels);
  const shown = levels.length <= LEVELS_SHOWN_MAX ? levels : [levels[0] as number, peak, levels.at(-1) as number];
  return shown.map((rate) => `${Number(rate.toPrecision(6))}/${unit}`).join(' to ');
}

const LEVELS_SHOWN_MAX = 5;

function closedText({ users, curve, length, executor }: ClosedScenarioPlan): string {
  if (length.kind === 'iterations') {
    const each =
      executor === 'per-vu-iterations'
        ? `, ${counted(length.iterations / users, 'iteration')} each`
        : `, ${counted(length.iterations, 'iteration')}`;
    return `${counted(users, 'user')}${users === 1 ? `, ${counted(length.iterations, 'iteration')}` : each}, at most ${formatDurationUs(length.durationUsMax)}`;
  }
  const first = curve[0]?.users ?? 0;
  const last = curve.at(-1)?.users ?? 0;
  const isFlat = curve.every((point) => point.users === users);
  const range = isFlat ? counted(users, 'user') : `${first} to ${users}${last === users ? '' : ` to ${last}`} users`;
  return `${range} for ${formatDurationUs(length.durationUs)}`;
}
