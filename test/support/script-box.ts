import { FACTORY_PARAMETERS, SCRIPT_FILE } from '../../runtime/bundle/factory.ts';
import { API_NAMES } from '../../runtime/bundle/script-api.ts';
import { ASK, CALL, TO_GUEST } from '../../runtime/core/mailbox.ts';
import { StallCell } from '../../runtime/core/stall-cell.ts';
import type { GuestRecords } from '../../runtime/sandbox/guest-records.ts';
import { Mailbox, record } from '../../runtime/sandbox/mailbox.ts';
import { Vm2Engine } from '../../runtime/sandbox/vm2-engine.ts';
import { jarAnswer } from '../../runtime/worker/cookie-answers.ts';
import { BoxAnswers, type BoxRequest } from './box-answers.ts';
import type { BoxEnd, BoxOptions } from './box-options.ts';
import { BOX_SETTINGS } from './box-settings.ts';
import { guestText } from './guest-text.ts';
import { scriptText } from './script-text.ts';
import { Timeline } from './timeline.ts';

const PHASE_ID = 9;

/** Bundles a script and puts it into a sandbox of this process: the real engine, mailbox and guest, with a host that only notes things down. */
export async function openBox(typescript: string, options: BoxOptions = {}): Promise<ScriptBox> {
  const [guest, { code, usesContext }] = await Promise.all([guestText(), scriptText(typescript)]);
  return new ScriptBox({ ...options, guest, code, usesContext });
}

/** What an expression gives inside the sandbox, by way of JSON; it may name anything that the script API has. @throws Error with the stack of what it threw */
export async function valueInBox<T = unknown>(expression: string, options: BoxOptions = {}): Promise<T> {
  const box = await openBox(`import { ${API_NAMES.join(', ')} } from 'stressrun';\nexport default async () => (${expression});`, options);
  return box.value<T>();
}

/** A worker's sandbox without a worker: time is made up, answers are the test's. VUs are numbered from 0, as everywhere on the host. */
export class ScriptBox implements GuestRecords {
  readonly engine = new Vm2Engine();
  readonly time = new Timeline();
  readonly requests: BoxRequest[] = [];
  readonly checks: { vu: number; name: string; passed: boolean; group: string; reason: string }[] = [];
  readonly samples: { metric: string; value: number; group: string; tags: unknown }[] = [];
  readonly judged: { url: string; verdict: string; reason: string }[] = [];
  readonly logs: { vu: number; level: number; text: string }[] = [];
  readonly metrics: unknown[] = [];
  readonly sleepsUs: number[] = [];
  readonly tasks: string[] = [];
  readonly paces: { vu: number; intervalUs: number }[] = [];
  readonly unawaitedPlaces: string[] = [];
  readonly lostErrors: { vu: number; text: string }[] = [];
  readonly aborts: string[] = [];
  readonly fails: string[] = [];
  failures = 0;
  readonly needs: string[] = [];
  readonly mailbox: Mailbox;
  readonly #answers: BoxAnswers;
  readonly #names = new Map<number, string>();
  readonly #groups = new Map<number, string>([[0, '']]);
  readonly #tags = new Map<number, unknown>();
  /** What iterations ended under, in order. */
  readonly vuTagsSeen: unknown[] = [];
  readonly #ends = new Map<number, (end: BoxEnd) => void>();
  readonly #kinds = new Map<number, { target: string; options: string }>();
  readonly #timers = new Map<number, () => void>();
  readonly #loaded: Readonly<Record<string, string>>;
  readonly #http: BoxOptions['http'];
  #lastToken = 0;

  constructor(options: BoxOptions & { guest: string; code: string; usesContext: boolean }) {
    const { guest, code, usesContext } = options;
    this.#answers = new BoxAnswers(options.answer, options.settings?.judgesAnswers === true);
    this.#loaded = options.loaded ?? {};
    this.#http = options.http;
    this.mailbox = new Mailbox({
      engine: this.engine,
      stallCell: new StallCell(undefined),
      placeOf: (vu) => ({ phase: 'iteration', vu, iteration: 0, scenario: 0 }),
      ask: (kind, number, text) => this.#answer(kind, number, text),
      records: this,
      usesContext,
    });
    this.mailbox.start(guest);
    this.mailbox.postNow(record(TO_GUEST.configure, [], JSON.stringify({ ...BOX_SETTINGS, usesContext, ...options.settings })));
    this.engine.compile({ code, filename: SCRIPT_FILE, parameters: [...FACTORY_PARAMETERS] });
  }

  /** Runs module level for a VU. */
  instantiate(vu: number, scenario = 0): Promise<BoxEnd> {
    return this.#post(vu, -1, (token) => record(TO_GUEST.instantiate, [token, scenario]));
  }

  /** Calls an exported function in a VU, whose module level runs first when it has not. @returns what it returns, by way of JSON @throws Error with the stack of what it threw */
  async value<T = unknown>(vu = 0, name = 'default'): Promise<T> {
    if (!this.#answers.knows(vu)) await this.#mustBeDone(this.instantiate(vu));
    const { text } = await this.#mustBeDone(this.call(vu, 'task', name));
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  call(vu: number, kind: keyof typeof CALL, name: string): Promise<BoxEnd> {
    return this.#post(vu, -1, (token) => record(TO_GUEST.call, [token, CALL[kind]], name));
  }

  /** One iteration; the VU must have been instantiated. */
  async iterate(vu: number, iteration: number, what: { scenario?: number; phase?: string; index?: number } = {}): Promise<BoxEnd> {
    const phase = what.phase ?? '';
    if (phase !== '') this.mailbox.postNow(record(TO_GUEST.name, [PHASE_ID], phase));
    const end = await this.#post(vu, 1, (token) =>
      record(TO_GUEST.begin, [token, iteration, what.scenario ?? 0, phase === '' ? 0 : PHASE_ID, what.index ?? -1]),
    );
    this.#answers.forget(vu);
    return end;
  }

  /** What setup() returned, as JSON. */
  setData(json: string): void {
    this.mailbox.postNow(record(TO_GUEST.data, [], json));
  }

  /** The VU's time is over. */
  interrupt(vu: number): void {
    this.mailbox.post(vu, record(TO_GUEST.interrupt, []));
  }

  /** Resolves once so many requests have left the sandbox. */
  async asked(requests: number): Promise<void> {
    while (this.requests.length < requests) await new Promise((resolve) => setImmediate(resolve));
  }

  /** Different requests that travel by number. */
  get requestKinds(): number {
    return this.#kinds.size;
  }

  async #mustBeDone(end: Promise<BoxEnd>): Promise<BoxEnd> {
    const settled = await end;
    if (settled.kind !== 'done') throw new Error(`${settled.kind}: ${settled.text}`);
    return settled;
  }

  #post(vu: number, sign: 1 | -1, recordFor: (token: number) => string): Promise<BoxEnd> {
    this.#answers.meet(vu);
    const token = ++this.#lastToken * sign;
    return new Promise((resolve) => {
      this.#ends.set(token, resolve);
      this.mailbox.post(vu, recordFor(token));
    });
  }

  #answer(kind: number, number: number, text: string): string | number {
    if (kind === ASK.now) return this.time.nowUs / 1_000;
    if (kind === ASK.jar) return jarAnswer(this.#http, text);
    if (kind === ASK.base64) return `base64 of ${text}`;
    if (kind !== ASK.loaded) return this.#answers.read(kind, number, text);
    const json = this.#loaded[text];
    if (json === undefined) this.needs.push(text);
    return json === undefined ? '' : `=${json}`;
  }

  // ── what the guest says ──

  request(vu: number, operation: number, ...rest: [context: number, target: string, options: string]): void {
    const [context, target, options] = rest;
    const space = target.indexOf(' ');
    const request: BoxRequest = {
      vu,
      method: target.slice(0, space),
      url: target.slice(space + 1),
      options: options === '' ? undefined : JSON.parse(options),
      group: this.#groups.get(context) ?? '?',
      ...(this.#tags.has(context) ? { tags: this.#tags.get(context) } : {}),
    };
    this.requests.push(request);
    const { afterUs, answer } = this.#answers.answer(request, operation);
    if (answer !== undefined) this.time.after(afterUs, () => this.mailbox.post(vu, answer));
  }

  requestKind(id: number, target: string, options: string): void {
    this.#kinds.set(id, { target, options });
  }

  repeat(vu: number, operation: number, context: number, ...[kindId]: [kindId: number]): void {
    const { target, options } = this.#kinds.get(kindId) as { target: string; options: string };
    this.request(vu, operation, context, target, options);
  }

  sleep(vu: number, operation: number, delayUs: number): void {
    this.sleepsUs.push(delayUs);
    this.time.after(delayUs, () => this.mailbox.post(vu, record(TO_GUEST.settled, [operation])));
  }

  name(id: number, name: string): void {
    this.#names.set(id, name);
  }

  check(vu: number, nameId: number, passed: boolean, ...rest: [context: number, reason: string]): void {
    const [context, reason] = rest;
    this.checks.push({ vu, name: this.#nameOf(nameId), passed, group: this.#groups.get(context) ?? '?', reason });
  }

  sample(_vu: number, nameId: number, context: number, ...rest: [value: number, tags: string]): void {
    const [value, tags] = rest;
    const group = this.#groups.get(context) ?? '?';
    this.samples.push({ metric: this.#nameOf(nameId), value, group, tags: tags === '' ? undefined : JSON.parse(tags) });
  }

  log(vu: number, level: number, text: string): void {
    this.logs.push({ vu, level, text });
  }

  task(_vu: number, nameId: number): void {
    this.tasks.push(this.#nameOf(nameId));
  }

  end(_vu: number, token: number, kind: number, text: string): void {
    this.#ends.get(token)?.({ kind: (['done', 'threw', 'interrupted'] as const)[kind] ?? 'threw', text });
    this.#ends.delete(token);
  }

  pace(vu: number, intervalUs: number): void {
    this.paces.push({ vu, intervalUs });
  }

  abort(_vu: number, reason: string): void {
    this.aborts.push(reason);
  }

  fail(_vu: number, reason: string): void {
    this.fails.push(reason);
  }

  inspect(vu: number, operation: number, handle: number, path: string): void {
    const reason = `inspected ${this.#answers.read(ASK.text, handle, '').length} byte at "${path}"`;
    this.mailbox.post(vu, record(TO_GUEST.answer, [operation], JSON.stringify({ ok: false, reason })));
  }

  timer(vu: number, id: number, delayUs: number, isRepeating: boolean): void {
    const fire = (): void => {
      if (isRepeating) this.#timers.set(id, this.time.after(delayUs, fire));
      this.mailbox.post(vu, record(TO_GUEST.timer, [id]));
    };
    this.#timers.set(id, this.time.after(delayUs, fire));
  }

  clearTimer(_vu: number, id: number): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
  }

  defineMetric(_nameId: number, json: string): void {
    this.metrics.push(JSON.parse(json));
  }

  lost(vu: number, text: string): void {
    this.lostErrors.push({ vu, text });
  }

  unawaited(_vu: number, where: string): void {
    this.unawaitedPlaces.push(where);
  }

  group(parent: number, id: number, nameId: number): void {
    this.#groups.set(id, `${this.#groups.get(parent) ?? '?'}::${this.#nameOf(nameId)}`);
  }

  tagged(context: number, id: number, json: string): void {
    this.#groups.set(id, this.#groups.get(context) ?? '?');
    this.#tags.set(id, JSON.parse(json));
  }

  judge(_vu: number, handle: number, ...rest: [verdict: number, reason: string]): void {
    const [verdict, reason] = rest;
    this.judged.push({
      url: this.#answers.urlOf(handle),
      verdict: (['failed', 'expected', 'as its status says'] as const)[verdict] ?? '?',
      reason,
    });
  }

  vuTags(_vu: number, context: number): void {
    this.vuTagsSeen.push(this.#tags.get(context));
  }

  // no stream ever begins here
  streamNext(): void {}
  streamClose(): void {}

  failed(): void {
    this.failures++;
  }

  #nameOf(id: number): string {
    return this.#names.get(id) ?? `no name ${id}`;
  }
}
