import { monotonicUs } from '../core/clock.ts';
import { type HookEnd, type ModuleError, type ScriptDeclaration, TO_GUEST } from '../core/mailbox.ts';
import type { StallCell } from '../core/stall-cell.ts';
import type { FromWorker, HookFailures, ToWorker, WorkerSetup } from '../messages/messages.ts';
import { record } from '../sandbox/mailbox.ts';
import { Vm2Engine } from '../sandbox/vm2-engine.ts';
import { calibrate } from './calibration.ts';
import { HOOK_VU } from './crew.ts';
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
  /** Made while there was nothing else to do. */
  #ready: Vm2Engine | undefined;
  /** What it was told that its script asked for: it stays, however often it is configured. */
  readonly #learned: Extract<ToWorker, { type: 'answers' }>[] = [];

  constructor(send: (message: FromWorker) => void, stallCell: StallCell) {
    this.#send = send;
    this.#stallCell = stallCell;
  }

  receive(message: ToWorker): void {
    if (message.type === 'configure') return this.#configure(message);
    if (message.type === 'sandbox') return this.#makeReady(message.guestText);
    if (message.type === 'clock') return this.#send({ type: 'clock', nowUs: monotonicUs() });
    const runtime = this.#runtime;
    if (runtime === undefined) return;
    switch (message.type) {
      case 'answers':
        this.#learned.push(message);
        return runtime.learn(message);
      case 'evaluate':
        return this.#evaluate(runtime);
      case 'prepare':
        return this.#prepare(runtime, message);
      case 'hook':
        return this.#callHook(runtime, message);
      case 'data':
        return this.#takeData(runtime, message);
      case 'run':
        return this.#runner?.run(message);
      case 'stop':
        return this.#runner?.stop(message.how);
      case 'handed':
        return this.#runner?.handed(message.parts);
      case 'stalled':
        return runtime.own.catchUp.stalled(monotonicUs(), message.us);
      case 'over':
        return this.#runner?.over();
      case 'enlist':
        return runtime.crew.enlist(message, (error, vu) => this.#prepared(runtime, error, vu));
      case 'adjust':
        return this.#runner?.adjust(message.change);
      case 'calibrate':
        return void calibrate(message).then((calibration) => this.#send({ type: 'calibrated', calibration }));
      case 'inspected':
        return runtime.messenger.answered(message.id, message.json);
      case 'drawn':
        return runtime.messenger.answered(message.id, message.bytes);
      case 'finish':
        return this.#finish(runtime);
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
    const missing = this.#runtime.missing();
    if (missing.length > 0) return this.#refuse(missing);
    try {
      this.#runtime.compile();
    } catch (error) {
      this.#send({
        type: 'evaluated',
        needs: [],
        declaration: null,
        error: { kind: 'threw', text: String((error as Error).stack ?? error) },
      });
    }
  }

  #refuse(missing: readonly string[]): void {
    this.#runtime = undefined; // whatever comes now, nothing of a script runs
    this.#send({ type: 'refused', missing: [...missing] });
  }

  #evaluate(runtime: WorkerRuntime): void {
    runtime.needs.clear();
    const answer = (declaration: ScriptDeclaration | null, error: ModuleError | null): void =>
      this.#send({ type: 'evaluated', needs: [...runtime.needs], declaration, error });
    const failed = (end: HookEnd, text: string): void => answer(null, { kind: end === 'badInput' ? end : 'threw', text });
    runtime.instantiate(HOOK_VU, 0, (end, text) => {
      if (runtime.needs.size > 0) return answer(null, null);
      if (end !== 'done') return failed(end, text);
      runtime.call(HOOK_VU, { kind: 'init', text: '', phase: 'init' }, (initEnd, json) =>
        initEnd === 'done' ? answer(JSON.parse(json) as ScriptDeclaration, null) : failed(initEnd, json),
      );
    });
  }

  #prepare(runtime: WorkerRuntime, message: Extract<ToWorker, { type: 'prepare' }>): void {
    this.#hasVuTeardown = message.hasVuTeardown;
    try {
      runtime.crew.prepare(message, (error, vu) => this.#prepared(runtime, error, vu));
    } catch (error) {
      this.#prepared(runtime, String((error as Error).message), HOOK_VU);
    }
  }

  #prepared(runtime: WorkerRuntime, error: string | null, failedVu: number): void {
    this.#send({ type: 'prepared', users: runtime.crew.users.length, error, failedVu });
  }

  #callHook(runtime: WorkerRuntime, message: Extract<ToWorker, { type: 'hook' }>): void {
    const phase = message.kind === 'task' ? 'check' : message.kind;
    if (message.kind === 'teardown') this.#runner?.enterTeardown();
    const hook = message.kind === 'handleSummary' ? (message.json ?? 'null') : message.name;
    runtime.call(message.vu ?? HOOK_VU, { kind: message.kind, text: hook, phase }, (end, text) => {
      this.#runner?.flush();
      this.#send({ type: 'hookEnded', token: message.token, end, text });
    });
  }

  /** The last that users are prepared with: whatever this left behind is collected before the clock starts. */
  #takeData(runtime: WorkerRuntime, message: Extract<ToWorker, { type: 'data' }>): void {
    const ended = (error: string | null, vu: number): void => {
      collectGarbage();
      this.#prepared(runtime, error, vu);
    };
    runtime.mailbox.postNow(record(TO_GUEST.data, [], message.json));
    if (message.vuSetup) runtime.crew.setUpAll(ended);
    else ended(null, HOOK_VU);
  }

  #finish(runtime: WorkerRuntime): void {
    const leave = (failures: HookFailures): void => {
      this.#runner?.flush();
      runtime.crew.closeAll();
      this.#send({ type: 'finished', ...failures });
    };
    this.#runner?.enterTeardown();
    if (this.#hasVuTeardown) runtime.crew.tearDownAll(leave);
    else leave({ error: null, failedVu: HOOK_VU, failures: 0 });
  }
}
