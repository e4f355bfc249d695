import type { z } from 'zod';
import { refuse, USERS_MAX, wholeNumberText } from './schema-fields.ts';
import { guessOf } from './unknown-name.ts';

/** What the rules look at. */
interface Scenario {
  readonly executor?: string | undefined;
  readonly stages?: readonly { readonly target: number }[] | undefined;
  readonly [key: string]: unknown;
}

/** Keys of its own that an executor may have; those before the bar it must have. */
const KEYS: Readonly<Record<string, string>> = {
  'shared-iterations': '| vus iterations maxDuration thinkTime',
  'per-vu-iterations': '| vus iterations maxDuration thinkTime',
  'constant-vus': 'duration | vus spawnRate thinkTime',
  'ramping-vus': 'stages | startVUs gracefulRampDown shape duration spawnRate thinkTime',
  'constant-arrival-rate': 'rate duration preAllocatedVUs | timeUnit maxVUs arrivals onBusy',
  'ramping-arrival-rate': 'stages preAllocatedVUs | startRate timeUnit maxVUs shape duration arrivals onBusy',
};

/** k6's rules of what an executor needs, and what goes with it; a key that nobody knows may have been meant to change the load. */
export function checkScenario(scenario: Scenario, known: readonly string[], context: z.core.$RefinementCtx): void {
  for (const key of Object.keys(scenario))
    if (!known.includes(key)) refuse(context, [key], `expected a key of a scenario; got ${JSON.stringify(key)}${guessOf(key, known)}`);
  const executor = executorOf(scenario);
  if (executor === undefined) return refuse(context, ['executor'], `expected one of ${Object.keys(KEYS).join(', ')}; got nothing`);
  const [required, optional] = keysOf(executor);
  for (const key of Object.keys(scenario)) {
    if (scenario[key] === undefined || required.includes(key) || optional.includes(key)) continue;
    const owners = Object.keys(KEYS).filter((name) => keysOf(name).flat().includes(key));
    if (owners.length > 0) refuse(context, [key], `expected no ${key} for the executor ${executor}: it is one of ${owners.join(', ')}`);
  }
  for (const key of required) {
    if (scenario[key] !== undefined || (key === 'stages' && scenario['shape'] !== undefined)) continue;
    refuse(context, [key], `expected ${key}, which the executor ${executor} needs; got nothing`);
  }
  if (scenario.stages !== undefined) checkBesideStages(scenario, executor, context);
  checkUsers(scenario, executor, context);
}

/** A scenario with a shape needs no executor: it ramps users. */
export function executorOf({ executor, ...scenario }: Scenario): string | undefined {
  return executor ?? (scenario['shape'] === undefined ? undefined : 'ramping-vus');
}

function keysOf(executor: string): [required: string[], optional: string[]] {
  const [required = '', optional = ''] = (KEYS[executor] ?? '').split('|');
  return [required.split(' ').filter(Boolean), optional.split(' ').filter(Boolean)];
}

function checkBesideStages(scenario: Scenario, executor: string, context: z.core.$RefinementCtx): void {
  for (const key of ['shape', 'duration']) if (scenario[key] !== undefined) refuse(context, [key], `expected stages or ${key}; got both`);
  if (executor !== 'ramping-vus') return;
  for (const [i, { target }] of (scenario.stages ?? []).entries())
    if (!Number.isInteger(target) || target > USERS_MAX)
      refuse(context, ['stages', i, 'target'], `expected ${wholeNumberText('users', 0, USERS_MAX)}; got ${target}`);
}

function checkUsers(scenario: Scenario, executor: string, context: z.core.$RefinementCtx): void {
  const number = (key: string, missing: number): number => (typeof scenario[key] === 'number' ? (scenario[key] as number) : missing);
  const [vus, iterations] = [number('vus', 1), number('iterations', 1)];
  if (executor === 'shared-iterations' && iterations < vus)
    refuse(
      context,
      ['iterations'],
      `expected at least as many iterations as users, ${vus}; got ${scenario['iterations'] ?? 'none, which is 1'}`,
    );
  const ready = number('preAllocatedVUs', 0);
  const most = number('maxVUs', ready);
  if (executor.endsWith('-arrival-rate') && scenario['preAllocatedVUs'] !== undefined) {
    if (most < ready) refuse(context, ['maxVUs'], `expected at least preAllocatedVUs, ${ready}; got ${most}`);
    if (most < 1) refuse(context, ['preAllocatedVUs'], 'expected at least one user in preAllocatedVUs or maxVUs; got none');
  }
}
