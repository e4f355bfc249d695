import type { GuestSettings } from '../core/guest-settings.ts';
import { openRow } from './activity.ts';

/** An operation that a VU waits for: a thenable, because awaiting one costs half of what vm2's `new Promise` does. */
export class Operation {
  readonly id: number;
  /** Where it was asked for; only taken for the first operations of a VU. Its stack is made when it is read. */
  where: Error | undefined;
  #resolve: ((value: unknown) => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;
  #also: ((value: unknown) => void) | undefined;
  #ended: { isRejected: boolean; value: unknown } | undefined;

  constructor(id: number) {
    this.id = id;
  }

  // biome-ignore lint/suspicious/noThenProperty: it is one on purpose, see above
  then(resolve: (value: unknown) => void, reject: (reason: unknown) => void): void {
    if (this.#ended === undefined) {
      this.#resolve = resolve;
      this.#reject = reject;
    } else if (this.#ended.isRejected) reject(this.#ended.value);
    else resolve(this.#ended.value);
  }

  /** Calls back once it has ended, after whoever awaits it; for the end of an iteration. */
  also(ended: (value: unknown) => void): void {
    if (this.#ended === undefined) this.#also = ended;
    else ended(undefined);
  }

  settle(value: unknown): void {
    this.#ended = { isRejected: false, value };
    this.#resolve?.(value);
    this.#also?.(undefined);
  }

  refuse(reason: unknown): void {
    this.#ended = { isRejected: true, value: reason };
    this.#reject?.(reason);
    this.#also?.(undefined);
  }
}

/** An answer that the host holds back from its numbers until the script has had its say. */
export interface HeldAnswer {
  readonly vu: Vu;
  readonly handle: number;
  readonly turn: number;
  /** `open`: until its user's next request or sleep, `res.fail()` may end it; `asked`: its `expect` function is; `counted`: too late. */
  judgement: 'open' | 'asked' | 'counted';
  isRight: boolean;
  /** Why the script says that it is wrong. */
  refusal: string | undefined;
}

/** One virtual user: an instance of the script's module and what it is doing. */
export interface Vu {
  /** 0-based in the whole test; −1 for the one that runs module level first, setup and teardown. */
  readonly index: number;
  /** Its row in the activity table. */
  readonly row: number;
  scenario: number;
  /** −1 before the first: what module level and hooks draw is not what the first iteration draws. */
  iteration: number;
  /** 0-based number of the start in its scenario; −1 where starts are not counted over all VUs. */
  startIndex: number;
  /** Coordinates of random choices: the VU and its iteration, or {@link ANY_VU} and the index of the start. */
  who: number;
  which: number;
  /** Tags that the script gave itself; undefined until it looked at `vu.tags`. */
  tags: Record<string, unknown> | undefined;
  /** Context that the host counts its iterations under. */
  sentContext: number;
  phase: string;
  exports: Record<string, unknown>;
  /** Operations asked for and not ended, oldest first; few, so a list is cheaper than a Map that is always filled and emptied. */
  readonly pending: Operation[];
  /** Answers that the script may still fail. */
  readonly open: HeldAnswer[];
  readonly timers: Map<number, { callback: (...args: unknown[]) => void; args: unknown[]; isRepeating: boolean }>;
  isInterrupted: boolean;
  /** None of its functions was called yet: nobody answers what it asks for. */
  isAtModuleLevel: boolean;
  /** Operations refused since it was interrupted. */
  refused: number;
  /** Random numbers drawn and pictures taken in this iteration: coordinates of the next one. */
  draws: number;
  pictures: number;
  rowsTaken: Map<string, number>;
  /** As many in this iteration, where starts are counted over all VUs. */
  rowsOfStart: Map<string, number> | undefined;
  logsLeft: number;
  /** setup()'s data, this VU's own copy. */
  data: unknown;
  hasData: boolean;
  /** Operations whose place in the script is still to be remembered. */
  placesLeft: number;
}

const PLACES_PER_VU = 20;
/** Stands for the VU where choices hang on the start, whichever VU takes it. No VU has this number. */
export const ANY_VU = -2;

export function newVu(index: number, scenario: number): Vu {
  return {
    index,
    row: openRow(index),
    scenario,
    iteration: -1,
    startIndex: -1,
    who: index,
    which: -1,
    tags: undefined,
    sentContext: 0,
    phase: '',
    exports: {},
    pending: [],
    open: [],
    timers: new Map(),
    isInterrupted: false,
    isAtModuleLevel: true,
    refused: 0,
    draws: 0,
    pictures: 0,
    rowsTaken: new Map(),
    rowsOfStart: undefined,
    logsLeft: 100,
    data: undefined,
    hasData: false,
    placesLeft: PLACES_PER_VU,
  };
}

export let settings: GuestSettings = {
  seed: 0,
  usersTotal: 1,
  isStrict: false,
  activity: { magic: [0, 0, 0, 0], rows: 0 },
  usesGlobalObject: true,
  httpClient: 'own',
  bodyEncodings: ['gzip', 'deflate', 'br'],
  judgesAnswers: false,
  taskTags: { only: [], except: [] },
  usesContext: false,
  scenarios: [],
  requests: {},
  config: {},
  environment: { name: '', base_url: '', truth: '', production: false },
  env: {},
  logsPerVu: 1_000,
};
export function setSettings(value: GuestSettings): void {
  settings = value;
}

/** Ends the iteration of a VU whose time is over. Not to be caught, and of no use when it is: every further operation ends with it too. */
export class StopVu extends Error {
  constructor() {
    super('the iteration was interrupted: its time was over');
    this.name = 'StopVu';
  }
}

/** Says that an answer for module-level code must be loaded by the host first; the module is evaluated again when it is there. */
export class NeedsLoading extends Error {
  constructor(key: string) {
    super(`${key} is only possible at module level`);
    this.name = 'NeedsLoading';
  }
}

/** Numbers for operations, timers and names; unique per worker. */
let lastId = 0;
export function nextId(): number {
  return ++lastId;
}
