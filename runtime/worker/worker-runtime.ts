import { monotonicUs } from '../core/clock.ts';
import { Naps } from '../core/exact-clock.ts';
import { ASK, CALL, END, HOOK_ENDS, TO_GUEST } from '../core/mailbox.ts';
import type { Tags } from '../core/records.ts';
import type { StallCell, StallPhase, StallPlace } from '../core/stall-cell.ts';
import { OwnTime } from '../measure/own-time.ts';
import { SampleBuffer } from '../measure/sample-buffer.ts';
import { SampleRecorder } from '../measure/sample-recorder.ts';
import type { ToWorker, WorkerSetup } from '../messages/messages.ts';
import type { GuestRecords } from '../sandbox/guest-records.ts';
import { Mailbox, record } from '../sandbox/mailbox.ts';
import type { Vm2Engine } from '../sandbox/vm2-engine.ts';
import { byteAnswer } from './byte-answers.ts';
import { jarAnswer } from './cookie-answers.ts';
import { Crew } from './crew.ts';
import type { HookDone } from './few-at-once.ts';
import { HookCalls } from './hook-calls.ts';
import { loopSource } from './loop-source.ts';
import type { Messenger } from './messenger.ts';
import { PictureStore } from './pictures.ts';
import { postAfter } from './post-after.ts';
import { ScriptNames } from './script-names.ts';
import { StuckWatch } from './stuck-watch.ts';
import type { HostVu } from './vu-table.ts';

/** As the guest says whose an error is that it does not know of. */
const NOBODY_KNOWN = -2;
const NOWHERE: StallPlace = { phase: 'init', vu: -1, iteration: 0, scenario: 0 };

/** The script's side of a worker: the sandbox with everything its code can reach. Engine and life cycle are worker.ts's. */
export class WorkerRuntime implements GuestRecords {
  readonly setup: WorkerSetup;
  readonly messenger: Messenger;
  readonly mailbox: Mailbox;
  readonly recorder: SampleRecorder;
  /** Every single sample, when they were asked for. */
  readonly samples: SampleBuffer | undefined;
  readonly pictures: PictureStore;
  /** Between two looks at its events while a start is about to be due. */
  readonly naps = new Naps();
  /** When this worker was away: of its samples, what may be its own. */
  readonly own = new OwnTime(loopSource(this.naps));
  readonly names = new ScriptNames();
  readonly crew: Crew;
  readonly #engine: Vm2Engine;
  readonly #answers = new Map<string, string>();
  readonly #hooks = new HookCalls();
  /** Keys that module level asked for and that are not there yet. */
  readonly needs = new Set<string>();
  /** What an iteration's pace() does; set by whoever runs the engine. */
  onPace: (vu: number, us: number) => void = () => undefined;

  /** @param box - `engine`: without a script; its guest half may be there already */
  constructor(setup: WorkerSetup, messenger: Messenger, box: { stallCell: StallCell; engine: Vm2Engine }) {
    const { stallCell, engine } = box;
    this.#engine = engine;
    this.setup = setup;
    this.messenger = messenger;
    this.recorder = new SampleRecorder(() => this.crew.scenarioNames, setup.tags, {
      scenarioTags: (scenario) => this.crew.scenarioTags[scenario],
      redactor: messenger.redactor,
      epochUs: setup.epochUs,
    });
    this.recorder.worker = { own: this.own, isOpen: (scenario) => this.crew.isOpen(scenario) };
    this.own.inFlight = () => this.crew.desk?.inFlight ?? 0;
    this.samples = setup.wantsSamples ? new SampleBuffer((batch) => messenger.send({ type: 'samples', ...batch })) : undefined;
    this.recorder.registry.onSample = this.samples?.add;
    this.pictures = new PictureStore(setup.share.numbers);
    this.crew = new Crew(this);
    this.mailbox = new Mailbox({
      engine: this.#engine,
      stallCell,
      placeOf: (vu) => this.#placeOf(vu),
      iterationOf: (vu) => this.crew.find(vu)?.token ?? -1,
      ask: (kind, number, text) => this.#answer(kind, number, text),
      records: this,
      usesContext: setup.settings.usesContext,
    });
    this.mailbox.start(setup.guestText);
    this.mailbox.postNow(record(TO_GUEST.configure, [], JSON.stringify(setup.settings)));
    new StuckWatch(this);
  }

  /** What the sandbox lacks; unless that is nothing, no script may be compiled. */
  missing(): readonly string[] {
    return this.#engine.missing();
  }

  /** Compiles the script. @throws when it does not compile */
  compile(): void {
    this.#engine.compile(this.setup.script);
  }

  learn(message: Extract<ToWorker, { type: 'answers' }>): void {
    for (const [key, json] of message.answers) this.#answers.set(key, json);
    for (const pool of message.pools) this.pictures.add(pool);
  }

  /** Runs module level for a VU. */
  instantiate(vu: number, scenario: number, done: HookDone): void {
    const token = this.#hooks.begin({ phase: 'init', vu, iteration: 0, scenario }, done);
    this.mailbox.post(vu, record(TO_GUEST.instantiate, [token, scenario]));
  }

  /** Calls a hook of the script in a VU. @param what - `text`: its name, or what handleSummary is given */
  call(vu: number, what: { kind: keyof typeof CALL; text: string; phase: StallPhase }, done: HookDone): void {
    const hostVu = this.crew.find(vu);
    if (hostVu !== undefined) {
      hostVu.phase = what.phase;
      hostVu.dueAtUs = monotonicUs();
    }
    const token = this.#hooks.begin({ phase: what.phase, vu, iteration: 0, scenario: hostVu?.scenario ?? 0 }, done);
    this.mailbox.post(vu, record(TO_GUEST.call, [token, CALL[what.kind]], what.text));
  }

  /** Token of the hook that runs in a VU; undefined: none does. */
  hookOf(vu: number): number | undefined {
    return this.#hooks.tokenOf(vu);
  }

  #placeOf(vu: number): StallPlace {
    const hook = this.#hooks.placeOf(vu);
    if (hook !== undefined) return hook;
    const hostVu = this.crew.find(vu);
    return hostVu === undefined ? NOWHERE : { phase: 'iteration', vu, iteration: hostVu.iteration, scenario: hostVu.scenario };
  }

  #answer(kind: number, number: number, text: string): string | number {
    if (kind === ASK.now) return (monotonicUs() - this.crew.startUs) / 1000;
    if (kind === ASK.text || kind === ASK.json || kind === ASK.meta) return this.crew.desk?.answers.read(kind, number, text) ?? '';
    if (kind === ASK.jar) return jarAnswer(this.crew.find(number)?.http, text);
    if (kind !== ASK.loaded) return byteAnswer(kind, { number, text }, this) ?? '';
    const json = this.#answers.get(text);
    if (json !== undefined) return `=${json}`;
    this.needs.add(text);
    return '';
  }

  // ── what the guest says ──

  request(vu: number, operation: number, ...rest: [context: number, target: string, options: string]): void {
    const [context, target, options] = rest;
    this.#with(vu, (hostVu) => this.crew.desk?.request(hostVu, { operation, context, kind: { target, options, built: undefined } }));
  }

  requestKind(id: number, target: string, options: string): void {
    this.crew.requestKinds.set(id, { target, options, built: undefined });
  }

  repeat(vu: number, operation: number, context: number, ...[kindId]: [kindId: number]): void {
    const hostVu = this.crew.find(vu);
    const kind = this.crew.requestKinds.get(kindId);
    if (hostVu !== undefined && kind !== undefined) this.crew.desk?.request(hostVu, { operation, context, kind });
  }

  sleep(vu: number, operation: number, delayUs: number): void {
    this.#with(vu, (hostVu) => postAfter(hostVu, { operation, delayUs, post: (index, text) => this.mailbox.post(index, text) }));
  }

  name(id: number, name: string): void {
    this.names.set(id, name);
  }

  check(vu: number, nameId: number, passed: boolean, ...rest: [context: number, reason: string]): void {
    const [context, reason] = rest;
    this.#with(vu, (hostVu) =>
      this.recorder.check(hostVu, {
        name: this.names.nameOf(nameId),
        passed,
        group: this.names.groupOf(context),
        tags: this.names.tagsOf(context),
        reason,
      }),
    );
  }

  sample(vu: number, nameId: number, context: number, ...rest: [value: number, tags: string]): void {
    const [value, tags] = rest;
    const own = tags === '' ? undefined : (JSON.parse(tags) as Tags);
    const ofVu = this.names.tagsOf(context);
    const all = ofVu === undefined ? own : { ...ofVu, ...own };
    this.#with(vu, (hostVu) =>
      this.recorder.sample(hostVu, { metric: this.names.nameOf(nameId), value, group: this.names.groupOf(context), tags: all }),
    );
  }

  log(vu: number, level: number, text: string): void {
    this.messenger.log(vu, level, text);
  }

  task(vu: number, nameId: number): void {
    this.#with(vu, (hostVu) => {
      hostVu.task = this.names.nameOf(nameId);
    });
  }

  end(vu: number, token: number, kind: number, text: string): void {
    if (token >= 0) return this.#with(vu, (hostVu) => this.crew.iterationEnded(hostVu, { token, kind, text }));
    this.#with(vu, (hostVu) => this.crew.desk?.recordHeld(hostVu));
    this.#hooks.ended(token, HOOK_ENDS.find((end) => END[end] === kind) ?? 'threw', text);
  }

  pace(vu: number, intervalUs: number): void {
    this.onPace(vu, intervalUs);
  }

  abort(vu: number, reason: string): void {
    this.messenger.sendFirst({ type: 'abort', vu, reason });
  }

  fail(vu: number, reason: string): void {
    this.messenger.sendFirst({ type: 'fail', vu, reason });
  }

  inspect(vu: number, operation: number, handle: number, path: string): void {
    this.#with(vu, (hostVu) => {
      const bytes = this.crew.desk?.answers.inspectable(handle, path);
      const answer = (json: string): void => {
        hostVu.dueAtUs = monotonicUs();
        this.mailbox.post(vu, record(TO_GUEST.answer, [operation], json));
      };
      if (bytes === undefined)
        answer(JSON.stringify({ ok: false, reason: path === '' ? 'the answer has no body' : `the answer has no text at ${path}` }));
      else this.messenger.ask<string>((id) => ({ type: 'inspect', id, bytes }), answer);
    });
  }

  timer(vu: number, id: number, delayUs: number, isRepeating: boolean): void {
    this.#with(vu, (hostVu) => {
      const fire = (): void => {
        if (!isRepeating) hostVu.timers.delete(id);
        hostVu.dueAtUs = Math.max(hostVu.dueAtUs, monotonicUs());
        this.mailbox.post(vu, record(TO_GUEST.timer, [id]));
      };
      hostVu.timers.set(id, isRepeating ? setInterval(fire, delayUs / 1000) : setTimeout(fire, delayUs / 1000));
    });
  }

  clearTimer(vu: number, id: number): void {
    this.#with(vu, (hostVu) => {
      clearTimeout(hostVu.timers.get(id));
      hostVu.timers.delete(id);
    });
  }

  defineMetric(_nameId: number, json: string): void {
    const { name, type, unit } = JSON.parse(json) as { name: string; type: string; unit: string };
    try {
      this.recorder.define(name, type, unit);
    } catch (error) {
      this.messenger.log(-1, 3, (error as Error).message);
    }
  }

  unawaited(vu: number, where: string): void {
    this.messenger.sendFirst({ type: 'unawaited', vu, where });
  }

  lost(vu: number, text: string): void {
    const owner = vu === NOBODY_KNOWN ? this.mailbox.ownerOfLost() : { vu, iteration: this.crew.find(vu)?.token ?? -1 };
    if (owner === undefined) this.recorder.scriptError(text);
    else if (!this.#hooks.lost(owner.vu, text)) this.crew.lost(owner.vu, owner.iteration, text);
  }

  group(parent: number, id: number, nameId: number): void {
    this.names.setGroup(parent, id, nameId);
  }

  tagged(context: number, id: number, json: string): void {
    this.names.setTags(context, id, json);
  }

  vuTags(vu: number, context: number): void {
    this.#with(vu, (hostVu) => {
      hostVu.tags = this.names.tagsOf(context);
    });
  }

  judge(vu: number, handle: number, verdict: number, reason: string): void {
    this.#with(vu, (hostVu) => this.crew.desk?.judge(hostVu, { handle, verdict, reason }));
  }

  streamNext(vu: number, operation: number, stream: number, wantsEnd: number): void {
    this.crew.desk?.streams.next({ vu, operation, stream }, wantsEnd === 1);
  }

  streamClose(vu: number, stream: number): void {
    this.crew.desk?.streams.close(vu, stream);
  }

  failed(): void {
    this.recorder.scriptError('Error: the code of the script overflowed the sandbox (too deep recursion?)');
  }

  #with(vu: number, act: (hostVu: HostVu) => void): void {
    const hostVu = this.crew.find(vu);
    if (hostVu !== undefined) act(hostVu);
  }
}
