import { monotonicUs } from '../core/clock.ts';
import type { ScriptDeclaration } from '../core/guest-settings.ts';
import { type HookEnd, type ModuleError, TO_GUEST } from '../core/mailbox.ts';
import type { StallCell } from '../core/stall-cell.ts';
import type { FromWorker, HookFailures, Sent, ToWorker, WorkerSetup } from '../messages/messages.ts';
import { record } from '../sandbox/mailbox.ts';
import { Vm2Engine } from '../sandbox/vm2-engine.ts';
import { calibrate } from './calibration.ts';
import { HOOK_VU } from './few-at-once.ts';
import { collectGarbage } from './garbage.ts';
import { Messenger } from './messenger.ts';
import { PeriodRunner } from './period-runner.ts';
import { WorkerRuntime } from './worker-runtime.ts';

/** What the coordinator's messages do to a worker, in order: configure, evaluate, prepare, data, run, finish. */
export class WorkerLife {
  readonly #send: (message: FromWorker) => void;
  readonly #stallCell: StallCell;
  #runtime: WorkerRuntime | undefined;
  #runner: PeriodRunner | undefined;
  #hasVuTeardown = false;
  /** Why the script is none, for whoever asks to evaluate it. */
  #uncompiled: string | undefined;
  /** Made while there was nothing else to do. */
  #ready: Vm2Engine | undefined;
  /** What it was told that its script asked for: it stays, however often it is configured. */
  readonly #learned: Extract<ToWorker, { type: 'answers' }>[] = [];

  constructor(send: (message: FromWorker) => void, stallCell: StallCell) {
    this.#send = send;
    this.#stallCell = stallCell;
  }

  receive({ ask: to = 0, ...message }: Sent): void {
    if (message.type === 'configure') return this.#configure(message);
    if (message.type === 'sandbox') return this.#makeReady(message.guestText);
    if (message.type === 'clock') return this.#send({ type: 'clock', to, nowUs: monotonicUs() });
    const runtime = this.#runtime;
    if (runtime === undefined) return;
    switch (message.type) {
      case 'answers':
        this.#learned.push(message);
        return runtime.learn(message);
      case 'evaluate':
        return this.#evaluate(runtime, to);
      case 'prepare':
        return this.#prepare(runtime, message, to);
      case 'hook':
        return this.#callHook(runtime, message, to);
      case 'data':
        return this.#takeData(runtime, message, to);
      case 'run':
        return this.#runner?.run(message, to);
      case 'stop':
        return this.#runner?.stop(message.how);
      case 'handed':
        return this.#runner?.handed(message.parts);
      case 'stalled':
        return runtime.own.catchUp.stalled(monotonicUs(), message.us);
      case 'over':
        return this.#runner?.over();
      case 'enlist':
        return runtime.crew.enlist(message, (error, vu) => this.#prepared(to, { users: runtime.crew.users.length, error, failedVu: vu }));
      case 'adjust':
        return this.#runner?.adjust(message.change);
      case 'calibrate':
        return void calibrate(message).then((calibration) => this.#send({ type: 'calibrated', to, calibration }));
      case 'inspected':
        return runtime.messenger.answered(message.id, message.json);
      case 'drawn':
        return runtime.messenger.answered(message.id, message.bytes);
      case 'finish':
        return this.#finish(runtime, to);
    }
  }

  /** Some code of a script rejected a promise that nobody handles. The value is not looked at. */
  rejected(reason: unknown): void {
    this.#runtime?.mailbox.rejected(reason);
  }

  #makeReady(guestText: string): void {
    this.#ready = new Vm2Engine();
    this.#ready.makeReady(guestText);
  }

  #configure(setup: WorkerSetup): void {
    const messenger = new Messenger(this.#send, setup.httpDebug);
    this.#runtime = new WorkerRuntime(setup, messenger, { stallCell: this.#stallCell, engine: this.#ready ?? new Vm2Engine() });
    this.#ready = undefined;
    for (const message of this.#learned) this.#runtime.learn(message);
    this.#runtime.mailbox.postNow(record(TO_GUEST.handOver, [])); // before there is a script
    this.#runner = new PeriodRunner(this.#runtime);
    this.#uncompiled = undefined;
    const missing = this.#runtime.missing();
    if (missing.length > 0) return this.#refuse(missing);
    try {
      this.#runtime.compile();
    } catch (error) {
      this.#uncompiled = String((error as Error).stack ?? error);
    }
  }

  #refuse(missing: readonly string[]): void {
    this.#runtime = undefined; // whatever comes now, nothing of a script runs
    this.#send({ type: 'refused', missing: [...missing] });
  }

  #evaluate(runtime: WorkerRuntime, to: number): void {
    runtime.needs.clear();
    const answer = (declaration: ScriptDeclaration | null, error: ModuleError | null): void =>
      this.#send({ type: 'evaluated', to, needs: [...runtime.needs], declaration, error });
    if (this.#uncompiled !== undefined) return answer(null, { kind: 'threw', text: this.#uncompiled });
    const failed = (end: HookEnd, text: string): void => answer(null, { kind: end === 'badInput' ? end : 'threw', text });
    runtime.instantiate(HOOK_VU, 0, (end, text) => {
      if (runtime.needs.size > 0) return answer(null, null);
      if (end !== 'done') return failed(end, text);
      runtime.call(HOOK_VU, { kind: 'init', text: '', phase: 'init' }, (initEnd, json) =>
        initEnd === 'done' ? answer(JSON.parse(json) as ScriptDeclaration, null) : failed(initEnd, json),
      );
    });
  }

  #prepare(runtime: WorkerRuntime, message: Extract<ToWorker, { type: 'prepare' }>, to: number): void {
    const prepared = (error: string | null, failedVu: number): void =>
      this.#prepared(to, { users: runtime.crew.users.length, error, failedVu });
    this.#hasVuTeardown = message.hasVuTeardown;
    try {
      runtime.crew.prepare(message, prepared);
    } catch (error) {
      prepared(String((error as Error).message), HOOK_VU);
    }
  }

  #prepared(to: number, how: { users: number; error: string | null; failedVu: number }): void {
    this.#send({ type: 'prepared', to, ...how });
  }

  #callHook(runtime: WorkerRuntime, message: Extract<ToWorker, { type: 'hook' }>, to: number): void {
    const phase = message.kind === 'task' ? 'check' : message.kind;
    if (message.kind === 'teardown') this.#runner?.enterTeardown();
    const hook = message.kind === 'handleSummary' ? (message.json ?? 'null') : message.name;
    runtime.call(message.vu ?? HOOK_VU, { kind: message.kind, text: hook, phase }, (end, text) => {
      this.#runner?.flush();
      this.#send({ type: 'hookEnded', to, end, text });
    });
  }

  /** The last that users are prepared with: whatever this left behind is collected before the clock starts. */
  #takeData(runtime: WorkerRuntime, message: Extract<ToWorker, { type: 'data' }>, to: number): void {
    const ended = (error: string | null, failedVu: number): void => {
      collectGarbage();
      this.#prepared(to, { users: runtime.crew.users.length, error, failedVu });
    };
    runtime.mailbox.postNow(record(TO_GUEST.data, [], message.json));
    if (message.vuSetup) runtime.crew.setUpAll(ended);
    else ended(null, HOOK_VU);
  }

  #finish(runtime: WorkerRuntime, to: number): void {
    const leave = (failures: HookFailures): void => {
      this.#runner?.flush();
      runtime.crew.closeAll();
      this.#send({ type: 'finished', to, ...failures });
    };
    this.#runner?.enterTeardown();
    if (this.#hasVuTeardown) runtime.crew.tearDownAll(leave);
    else leave({ error: null, failedVu: HOOK_VU, failures: 0 });
  }
}
