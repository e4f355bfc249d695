import { monotonicUs } from '../core/clock.ts';
import { credentialsOf } from '../core/credentials.ts';
import { type CALL, TO_GUEST } from '../core/mailbox.ts';
import { owns, ratioOf, vuNumberOf } from '../core/partition.ts';
import type { ScenarioPlan } from '../core/plan.ts';
import type { IterationEnd, Start, Tags } from '../core/records.ts';
import type { StallPhase } from '../core/stall-cell.ts';
import type { OwnTime } from '../measure/own-time.ts';
import type { SampleRecorder } from '../measure/sample-recorder.ts';
import type { HookFailures, ToWorker, WorkerSetup } from '../messages/messages.ts';
import { BackOff } from '../net/back-off.ts';
import { NetShared } from '../net/net-shared.ts';
import { VuHttp } from '../net/vu-http.ts';
import { type Mailbox, record } from '../sandbox/mailbox.ts';
import { permitSocket } from '../sandbox/taming.ts';
import { fewAtOnce, HOOK_VU, type HookDone } from './few-at-once.ts';
import type { Messenger } from './messenger.ts';
import type { PictureStore } from './pictures.ts';
import { RateLimit } from './rate-limit.ts';
import { RequestBuilder } from './request-builder.ts';
import { RequestDesk, type RequestKind } from './request-desk.ts';
import type { ScriptNames } from './script-names.ts';
import { type HostVu, newHostVu } from './vu-table.ts';

/** What a start may wait and be in time: the grain of timers. */
const IN_TIME_US = 2_000;

/** What a crew needs of the worker around it. */
export interface CrewHost {
  readonly setup: WorkerSetup;
  readonly messenger: Messenger;
  readonly mailbox: Mailbox;
  readonly recorder: SampleRecorder;
  readonly own: OwnTime;
  readonly names: ScriptNames;
  readonly pictures: PictureStore;
  /** Runs module level for a VU. */
  instantiate(vu: number, scenario: number, done: HookDone): void;
  /** Calls a hook of the script in a VU. */
  call(vu: number, what: { kind: keyof typeof CALL; text: string; phase: StallPhase }, done: HookDone): void;
}

/** This worker's virtual users: made, set up, driven through iterations, taken down. */
export class Crew {
  readonly #runtime: CrewHost;
  readonly #vus = new Map<number, HostVu>();
  /** By scenario of an open model: when a start last found a user free. */
  readonly #inTimeAtUs: number[] = [];
  #lastToken = 0;
  #plans: readonly ScenarioPlan[] = [];
  #shared: NetShared | undefined;
  #resetsCookies = false;
  #closesConnections = false;
  scenarioNames: readonly string[] = [];
  /** Of the run and of each scenario. */
  scenarioTags: readonly Tags[] = [];
  desk: RequestDesk | undefined;
  /** Requests that the script makes again and again, by the guest's number. */
  readonly requestKinds = new Map<number, RequestKind>();
  /** Zero of the clock that scripts and starts see, monotonic µs. */
  startUs = 0;

  constructor(runtime: CrewHost) {
    this.#runtime = runtime;
  }

  find(vu: number): HostVu | undefined {
    return this.#vus.get(vu);
  }

  get users(): HostVu[] {
    return [...this.#vus.values()].filter((vu) => vu.index !== HOOK_VU);
  }

  /** Iterations that have begun and not ended. */
  runningByScenario(): number[] {
    const running = this.scenarioNames.map(() => 0);
    for (const { onEnd, scenario } of this.#vus.values()) if (onEnd !== undefined) running[scenario] = (running[scenario] ?? 0) + 1;
    return running;
  }

  /** Makes this worker's VUs and runs module level in each. @param done - the first error's text, if any, and its VU */
  prepare(message: Extract<ToWorker, { type: 'prepare' }>, done: (error: string | null, vu: number) => void): void {
    const { setup } = this.#runtime;
    this.#plans = message.scenarios;
    this.#resetsCookies = message.environment.requests?.resetsCookies === true;
    this.#closesConnections = message.environment.requests?.closesConnections === true;
    this.scenarioNames = message.scenarios.map((scenario) => scenario.name);
    this.scenarioTags = message.scenarios.map(({ tags }) => ({ ...setup.tags, ...tags }));
    this.#runtime.messenger.redactor.learn(credentialsOf(message.environment, setup.settings.env));
    if (message.environment.socketPath !== undefined) permitSocket(message.environment.socketPath);
    const shared = new NetShared(message.environment, { version: setup.version, turn: setup.share.numbers.from });
    this.desk = this.#openDesk(message, shared);
    this.#shared = shared;
    this.#add(HOOK_VU, 0);
    message.scenarios.forEach((plan, scenario) => void this.#addOwned(scenario, 0, plan.users));
    // setup(), teardown() and the check command run in the first worker
    const all = setup.share.hasHooks ? [...this.#vus.values()] : this.users;
    fewAtOnce(all, (vu, next) => this.#runtime.instantiate(vu.index, vu.scenario, next), done);
  }

  /** Makes further VUs of a scenario while others run. @param done - as of {@link prepare} */
  enlist(message: Extract<ToWorker, { type: 'enlist' }>, done: (error: string | null, vu: number) => void): void {
    const { scenario, from, to, vuSetup } = message;
    const added = this.#addOwned(scenario, from, to);
    const instantiated = (error: string | null, vu: number): void => {
      if (error !== null || !vuSetup) return ended(error, vu);
      fewAtOnce(added, (vu, next) => this.#call('vuSetup', vu, next), ended);
    };
    const ended = (error: string | null, vu: number): void => {
      // one that could not be made must not be there when the engine asks for it
      if (error !== null) for (const { index } of added) this.#vus.delete(index);
      done(error, vu);
    };
    fewAtOnce(added, (vu, next) => this.#runtime.instantiate(vu.index, vu.scenario, next), instantiated);
  }

  /** vuSetup in every VU, a few at a time, until one throws. */
  setUpAll(done: (error: string | null, vu: number) => void): void {
    fewAtOnce(this.users, (vu, next) => this.#call('vuSetup', vu, next), done);
  }

  /** vuTeardown in every VU, a few at a time: what one of them throws keeps no other from tidying up. */
  tearDownAll(done: (failures: HookFailures) => void): void {
    const found: HookFailures = { error: null, failedVu: HOOK_VU, failures: 0 };
    const act = (vu: HostVu, next: HookDone): void =>
      this.#call('vuTeardown', vu, (end, text) => {
        const hasThrown = end === 'threw' || end === 'badInput';
        if (hasThrown && found.failures++ === 0) Object.assign(found, { error: text, failedVu: vu.index });
        next('done', '');
      });
    fewAtOnce(this.users, act, () => done(found));
  }

  #call(name: 'vuSetup' | 'vuTeardown', vu: HostVu, next: HookDone): void {
    this.#runtime.call(vu.index, { kind: name, text: name, phase: name }, next);
  }

  all(): Iterable<HostVu> {
    return this.#vus.values();
  }

  #add(index: number, scenario: number): HostVu {
    const { seed } = this.#runtime.setup.settings;
    const http = new VuHttp(this.#shared as NetShared);
    const vu = newHostVu({ index, scenario, http, backOff: new BackOff(seed, index) });
    this.#vus.set(index, vu);
    return vu;
  }

  /** Those of a scenario's VUs `from` to `to` − 1 that are this worker's and not there yet. */
  #addOwned(scenario: number, from: number, to: number): HostVu[] {
    const { range } = this.#runtime.setup.share;
    const plan = this.#plans[scenario];
    const added: HostVu[] = [];
    if (plan === undefined) return added;
    for (let v = from; v < to; v++) {
      const index = vuNumberOf(plan, v);
      if (owns(range, index) && !this.#vus.has(index)) added.push(this.#add(index, scenario));
    }
    return added;
  }

  /** Begins an iteration; the engine's `begin`. */
  begin(start: Start, onEnd: (end: IterationEnd) => void): void {
    const vu = this.#vus.get(start.vu);
    if (vu === undefined) return onEnd({ kind: 'interrupted' });
    const begunAtUs = monotonicUs();
    const dueAtUs = Math.min(this.startUs + start.dueAtUs, begunAtUs); // a timer may fire within the millisecond before
    if (this.#resetsCookies) vu.http.resetCookies();
    if (this.#closesConnections) vu.http.closeIdle();
    vu.phase = 'iteration';
    vu.token = ++this.#lastToken;
    vu.iteration = start.iteration;
    vu.task = '';
    vu.shapePhase = start.phase;
    vu.onEnd = onEnd;
    vu.dueAtUs = dueAtUs;
    vu.iterationDueAtUs = dueAtUs;
    vu.begunAtUs = begunAtUs;
    vu.busyUs = start.busyUs;
    this.#noteInTime(vu, start.scenario);
    const { id, isNew } = this.#runtime.names.phaseId(start.phase);
    if (isNew) this.#runtime.mailbox.post(start.vu, record(TO_GUEST.name, [id], start.phase));
    this.#runtime.mailbox.post(start.vu, `${TO_GUEST.begin},${vu.token},${start.iteration},${start.scenario},${id},${start.index},`);
  }

  /** A start that waited for no user says that none is held up: in an open model of any, otherwise of its own. */
  #noteInTime(vu: HostVu, scenario: number): void {
    const isOpen = this.isOpen(scenario);
    const before = isOpen ? (this.#inTimeAtUs[scenario] ?? this.startUs) : Math.max(vu.inTimeAtUs, this.startUs);
    vu.inTimeAtUs = vu.begunAtUs - vu.dueAtUs <= IN_TIME_US ? vu.begunAtUs : before;
    if (isOpen) this.#inTimeAtUs[scenario] = vu.inTimeAtUs;
  }

  /** Whether a scenario's starts are due by the clock. */
  isOpen(scenario: number): boolean {
    return this.#plans[scenario]?.kind === 'open';
  }

  /** How long starts of a scenario had to wait, at most for the sake of this worker, of those that are given up now. @param waitedUs - from their due time */
  ownWaitUs(scenario: number, waitedUs: number): number {
    const nowUs = monotonicUs();
    const fromUs = Math.min(this.#inTimeAtUs[scenario] ?? this.startUs, nowUs - waitedUs);
    if (this.#runtime.own.catchUp.includes(nowUs - waitedUs)) return waitedUs;
    return Math.min(waitedUs, this.#runtime.own.betweenUs(fromUs, nowUs));
  }

  /** Cuts an iteration short; the engine's `interrupt`. */
  interrupt(index: number): void {
    const vu = this.#vus.get(index);
    if (vu === undefined) return;
    vu.stoppedToken = vu.token;
    this.desk?.abort(vu);
    for (const timer of vu.waits.values()) clearTimeout(timer);
    vu.waits.clear();
    this.#runtime.mailbox.post(index, record(TO_GUEST.interrupt, []));
  }

  /** The guest says that an iteration has ended. One that was given up before is not heard. */
  iterationEnded(vu: HostVu, end: { token: number; kind: number; text: string }): void {
    const onEnd = vu.onEnd;
    if (end.token !== vu.token || onEnd === undefined) return;
    vu.onEnd = undefined;
    const { ended } = vu;
    ended.token = vu.token;
    ended.task = vu.task;
    ended.shapePhase = vu.shapePhase;
    this.desk?.forget(vu);
    if (end.kind === 2) return onEnd({ kind: 'interrupted' });
    const kind = end.kind === 0 ? 'done' : 'threw';
    this.#runtime.recorder.iteration(vu, kind, end.text);
    onEnd({ kind });
  }

  /** An error of a VU that nobody awaited: its iteration has failed, be it over or not. One of a hook that is over is told at once. */
  lost(index: number, token: number, text: string): void {
    const vu = this.#vus.get(index);
    if (vu?.phase === 'iteration') {
      if (vu.stoppedToken !== token) this.#runtime.recorder.lostError(vu, token, text); // what was cut short may break
    } else this.#runtime.messenger.sendFirst({ type: 'lost', vu: index, phase: vu?.phase ?? 'init', text });
  }

  /** The VU has no more to do: its timers end with it. */
  retire(index: number): void {
    const vu = this.#vus.get(index);
    if (vu === undefined) return;
    for (const timer of vu.timers.values()) clearTimeout(timer);
    vu.timers.clear();
    vu.http.close();
  }

  closeAll(): void {
    for (const vu of this.#vus.values()) vu.http.close();
  }

  #openDesk(message: Extract<ToWorker, { type: 'prepare' }>, { watch }: NetShared): RequestDesk {
    const { pictures, recorder, mailbox, names, messenger, setup } = this.#runtime;
    const { rpsMax } = message.environment;
    return new RequestDesk({
      builder: new RequestBuilder(message.environment, pictures, (header) => messenger.send({ type: 'replaced', header })),
      recorder,
      post: (vu, text) => mailbox.post(vu, text),
      find: (vu) => this.#vus.get(vu),
      groupOf: (context) => names.groupOf(context),
      tagsOf: (context) => names.tagsOf(context),
      draw: (reference, drawn) => {
        const slash = reference.lastIndexOf('/');
        messenger.ask<Buffer>(
          (id) => ({ type: 'draw', id, pool: reference.slice(0, slash), index: Number(reference.slice(slash + 1)) }),
          drawn,
        );
      },
      httpDebug: (vu, built, what) => messenger.debug(vu, built, what),
      watch,
      judgesAnswers: setup.settings.judgesAnswers,
      bytes: pictures.made,
      own: this.#runtime.own,
      isOpen: (scenario) => this.isOpen(scenario),
      ...(rpsMax === undefined ? {} : { limit: new RateLimit(rpsMax * ratioOf(setup.share.range)) }),
    });
  }
}
