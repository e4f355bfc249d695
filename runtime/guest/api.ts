import { ASK } from '../core/mailbox.ts';
import { atob, btoa, GuestTextDecoder, GuestTextEncoder } from './bytes.ts';
import { BytesGoneError, GuestDataUrl } from './bytes-in-requests.ts';
import { structuredClone } from './clone.ts';
import { crypto, GuestKey } from './crypto.ts';
import { GuestDataSet, makeData } from './data.ts';
import { fail, makeGroup, makePace, makeSleep, makeTest } from './flow.ts';
import { ask } from './host.ts';
import { makeHttp, namedUrl } from './http.ts';
import { imageClasses, makeImage } from './image.ts';
import { freezeDeep } from './loaded.ts';
import { makeConsole, makeLog } from './log.ts';
import { GuestBytes, makeBytes } from './made-bytes.ts';
import { makeCheck, makeMetrics } from './measure.ts';
import { makeMix } from './mix.ts';
import { makeUntil, makeWait } from './patience.ts';
import { DiscardedError, GoneError, GuestResponse } from './response.ts';
import { makeRandom } from './seeded-random.ts';
import { NeedsLoading, StopVu, settings, type Vu } from './state.ts';
import { GuestStream } from './stream.ts';
import { makeTimers, queueMicrotask } from './timers.ts';
import { GuestSearchParams, GuestUrl } from './url.ts';
import { makeEnv, makeScenarioInfo, makeVuInfo } from './whereabouts.ts';

/** What `import … from 'stressrun'` picks from: made for each virtual user, and only what its script imports. */
const MAKERS: Record<string, (vu: Vu) => unknown> = {
  http: makeHttp,
  image: makeImage,
  check: makeCheck,
  group: makeGroup,
  sleep: makeSleep,
  wait: makeWait,
  until: makeUntil,
  pace: makePace,
  fail: () => fail,
  mix: makeMix,
  metrics: makeMetrics,
  data: makeData,
  bytes: makeBytes,
  random: makeRandom,
  vu: makeVuInfo,
  scenario: makeScenarioInfo,
  log: makeLog,
  test: makeTest,
  config: () => settings.config,
  environment: () => settings.environment,
  env: makeEnv,
};

/** Globals that all virtual users share. */
const SHARED: Record<string, unknown> = {
  queueMicrotask,
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

/** What all virtual users hold in common, and the classes of what they are handed: to be frozen, so that none can change it for another. */
export function sharedParts(): unknown[] {
  return [
    SHARED,
    fail,
    namedUrl,
    GuestResponse,
    GuestStream,
    GoneError,
    DiscardedError,
    ...imageClasses,
    GuestDataSet,
    GuestBytes,
    GuestDataUrl,
    BytesGoneError,
    GuestKey,
    StopVu,
    NeedsLoading,
  ];
}

/** Names of the real global object that are not passed on. */
const HIDDEN = /^(VM2_|__stressrun|globalThis$|global$|self$|window$)/;

let sharedGlobals: Record<string, unknown> | undefined;

/** What every `globalThis` of a script has: the language, and the shared globals. */
function commonGlobals(): Record<string, unknown> {
  if (sharedGlobals === undefined) {
    sharedGlobals = {};
    for (const name of Object.getOwnPropertyNames(globalThis))
      if (!HIDDEN.test(name)) sharedGlobals[name] = (globalThis as Record<string, unknown>)[name];
    Object.assign(sharedGlobals, SHARED);
    Object.freeze(sharedGlobals);
  }
  return sharedGlobals;
}

/**
 * The values of the factory's parameters, by name: globals of the script's module. `globalThis` and its other names are an object of
 * the VU's own, so that what one VU puts there no other one sees. A copy of all globals is made only for scripts that use it.
 */
export function factoryArguments(vu: Vu, names: readonly string[]): unknown[] {
  const own: Record<string, unknown> = { ...makeTimers(vu), console: freezeDeep(makeConsole(vu)) };
  const common = commonGlobals();
  const globalObject = settings.usesGlobalObject ? { ...common, ...own } : undefined;
  if (globalObject !== undefined) for (const name of ['globalThis', 'global', 'self', 'window']) globalObject[name] = globalObject;
  const pick = (name: string): unknown => freezeDeep(MAKERS[name]?.(vu));
  return names.map((name) => {
    if (name === '__sr') return pick;
    if (name === 'globalThis' || name === 'global' || name === 'self' || name === 'window') return globalObject;
    return own[name] ?? common[name];
  });
}
