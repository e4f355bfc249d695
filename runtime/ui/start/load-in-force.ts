import type { Options, PlanView } from '../../views/api.ts';
import { formatNumber } from '../format.ts';

/** What empty fields of the load stand for, as texts that could be typed; empty: nothing. */
interface LoadTexts {
  readonly users: string;
  readonly rate: string;
  readonly duration: string;
}

/** The load that holds where a field is empty: that of the plan; before there is one, that of the profile. */
export function loadInForce(plan: PlanView | undefined, profile: Options['profiles'][number] | undefined): LoadTexts {
  const [scenario, ...others] = plan?.scenarios ?? [];
  if (others.length > 0) {
    const many = `of ${others.length + 1} scenarios`;
    return { users: many, rate: '', duration: many };
  }
  if (scenario === undefined)
    return {
      users: profile?.users == null ? '' : String(profile.users),
      rate: profile?.ratePerSecond == null ? '' : String(profile.ratePerSecond),
      duration: profile?.durationS == null ? '' : shortDuration(profile.durationS),
    };
  const { model, users, durationS, curve } = scenario;
  const most = curve.reduce((max, { value }) => Math.max(max, value), 0);
  return {
    users: String(users),
    rate: model === 'open' ? formatNumber(most, 3) : 'none',
    duration: durationS === null ? 'its iterations' : shortDuration(durationS),
  };
}

function shortDuration(seconds: number): string {
  return seconds % 60 === 0 && seconds > 0 ? `${seconds / 60}m` : `${seconds}s`;
}
