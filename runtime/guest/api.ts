import { ASK } from '../core/mailbox.ts';
import { atob, btoa, GuestTextDecoder, GuestTextEncoder, structuredClone } from './bytes.ts';
import { crypto } from './crypto.ts';
import { data } from './data.ts';
import { fail, group, pace, random, scenario, sleep, test, vu } from './flow.ts';
import { ask } from './host.ts';
import { http } from './http.ts';
import { image } from './image.ts';
import { freezeDeep } from './loaded.ts';
import { consoleOfScripts, log } from './log.ts';
import { check, metrics } from './measure.ts';
import { mix } from './mix.ts';
import { settings } from './state.ts';
import { timers } from './timers.ts';
import { GuestSearchParams, GuestUrl } from './url.ts';

/** What `import … from 'stressrun'` picks from. */
const api: Record<string, unknown> = { http, image, check, group, sleep, pace, fail, mix, metrics, data, random, vu, scenario, log, test };
for (const part of Object.values(api)) freezeDeep(part);

/** One export of the module, for the line that the bundler writes for it. */
export function pick(name: string): unknown {
  if (name === 'config') return settings.config;
  if (name === 'environment') return settings.environment;
  if (name === 'env') return settings.env;
  return api[name];
}

const shared: Record<string, unknown> = {
  ...timers,
  console: consoleOfScripts,
  URL: GuestUrl,
  URLSearchParams: GuestSearchParams,
  TextEncoder: GuestTextEncoder,
  TextDecoder: GuestTextDecoder,
  crypto,
  atob,
  btoa,
  performance: { now: (): number => Number(ask(ASK.now, 0, '')), timeOrigin: 0 },
  structuredClone,
  Date,
};
for (const part of Object.values(shared)) {
  freezeDeep(part);
  if (typeof part === 'function') freezeClass(part);
}

/** Names of the real global object that are not passed on. */
const HIDDEN = /^(VM2_|__stressrun|globalThis$|global$|self$|window$)/;

function freezeClass(type: object): void {
  Object.freeze(type);
  const prototype: unknown = (type as { prototype?: unknown }).prototype;
  if (prototype !== null && typeof prototype === 'object') Object.freeze(prototype);
}

/**
 * The values of the factory's parameters, by name: globals of the script's module. `globalThis` and its other names are an object of
 * the VU's own, so that what one VU puts there no other one sees.
 */
export function factoryArguments(names: readonly string[]): unknown[] {
  const own: Record<string, unknown> = {};
  for (const name of Object.getOwnPropertyNames(globalThis))
    if (!HIDDEN.test(name)) own[name] = (globalThis as Record<string, unknown>)[name];
  Object.assign(own, shared);
  for (const name of ['globalThis', 'global', 'self', 'window']) own[name] = own;
  return names.map((name) => {
    if (name === '__sr') return pick;
    if (name === 'globalThis' || name === 'global' || name === 'self' || name === 'window') return own;
    return shared[name];
  });
}
