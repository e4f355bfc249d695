import type { GuestScenario } from '../core/guest-settings.ts';
import { ASK } from '../core/mailbox.ts';
import { ask } from './host.ts';
import { settings, type Vu } from './state.ts';

/** `vu` of one virtual user. */
export function makeVuInfo(vu: Vu) {
  const info = {
    get id(): number {
      return vu.index + 1;
    },
    get iteration(): number {
      return Math.max(0, vu.iteration);
    },
  };
  // not enumerable, so that whoever looks at all properties (to freeze them, to show them) does not switch it on
  return Object.defineProperty(info, 'tags', {
    get: (): Record<string, unknown> => {
      vu.tags ??= {};
      return vu.tags;
    },
  });
}

/** `scenario` of one virtual user. */
export function makeScenarioInfo(vu: Vu) {
  return {
    get name(): string {
      return settings.scenarios[vu.scenario]?.name ?? 'default';
    },
    get executor(): string {
      return settings.scenarios[vu.scenario]?.executor ?? '';
    },
    get phase(): string {
      return vu.phase;
    },
    get iterationInTest(): number {
      return iterationInTest(vu, settings.scenarios[vu.scenario]);
    },
    get progress(): number {
      return progressOf(vu, settings.scenarios[vu.scenario]);
    },
  };
}

/** Where no start is counted over all VUs, the iterations of each VU are dealt round: unique, with gaps. */
function iterationInTest(vu: Vu, plan: GuestScenario | undefined): number {
  if (vu.startIndex >= 0 || plan === undefined || vu.iteration < 0) return vu.startIndex;
  const v = vu.index - plan.vuOffset;
  return v < plan.users ? vu.iteration * plan.users + v : -1;
}

function progressOf(vu: Vu, plan: GuestScenario | undefined): number {
  if (plan === undefined || vu.iteration < 0) return 0;
  const ofTime = plan.durationMs > 0 ? (Number(ask(ASK.now, 0, '')) - plan.startMs) / plan.durationMs : 1;
  const ofWork = plan.iterations > 0 ? (iterationInTest(vu, plan) + 1) / plan.iterations : 0;
  return Math.min(1, Math.max(0, ofWork, plan.iterations > 0 ? 0 : ofTime));
}

/** `env` of one virtual user: variables of its scenario go before those of the run. Hooks have the run's alone. */
export function makeEnv(vu: Vu): Readonly<Record<string, string>> {
  const own = vu.index < 0 ? undefined : settings.scenarios[vu.scenario]?.env;
  if (own === undefined || Object.keys(own).length === 0) return settings.env;
  return Object.freeze({ ...settings.env, ...own });
}
