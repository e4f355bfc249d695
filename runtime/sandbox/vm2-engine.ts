import { VM, VMScript } from 'vm2';
import { BugError } from '../core/errors.ts';
import type { AskHost, SandboxEngine } from './sandbox-engine.ts';
import { missingFixesOf } from './vm2-fixes.ts';

/** Largest single allocation of bytes inside; many small ones are the process limit's business. */
const ALLOCATION_BYTES_MAX = 16 << 20;
/** For module level of the guest half itself, by the clock: the watchdog, which knows what processor time a worker got, comes long before. */
const START_TIMEOUT_MS = 60_000;
/** Must not begin with a slash or contain `..`: vm2 hides the frames of files that look like the host's. */
const GUEST_FILE = 'stressrun-guest.js';
/** First line of a guest half that the build has had vm2 go through: see worker-build.js. */
const SEEN_BY_VM2 = '/* seen by vm2 */';

/** The scripts' world on vm2: one VM per worker. @see DECISIONS.md for the pinned version */
export class Vm2Engine implements SandboxEngine {
  #vm: VM | undefined;
  #missing: readonly string[] = [];
  #enter: ((frame: string) => string) | undefined;
  /** The guest's function for reasons, as the sandbox has it. It is called with values of the sandbox, so nothing crosses vm2's bridge. */
  #lose: ((reason: unknown) => void) | undefined;
  #guestText: string | undefined;
  #ask: AskHost = () => '';

  /**
   * Evaluates the guest half ahead of {@link start}, which then only connects it: before there is anybody to ask.
   * @param timeoutMs - for its module level
   */
  makeReady(guestText: string, timeoutMs = START_TIMEOUT_MS): void {
    this.#guestText = guestText;
    // bufferAllocLimit is missing from vm2's types
    const options = { eval: false, wasm: false, allowAsync: true, timeout: timeoutMs, bufferAllocLimit: ALLOCATION_BYTES_MAX };
    const vm = new VM(options);
    this.#vm = vm;
    this.#missing = missingFixesOf(vm);
    vm.setGlobal(
      '__stressrunAsk',
      guarded((kind, number, text) => this.#ask(kind, number, text)),
    );
    vm.setGlobal('__stressrunRegister', (enter: (frame: string) => string) => {
      this.#enter ??= enter;
    });
    vm.run(guestScript(`${guestText}\n0`));
  }

  start(guestText: string, ask: AskHost): void {
    this.#ask = ask;
    if (this.#guestText !== guestText) this.makeReady(guestText);
  }

  missing(): readonly string[] {
    return this.#missing;
  }

  compile(script: { code: string; filename: string; parameters: readonly string[] }): void {
    const call = `__stressrunDefine(${script.code}\n, ${JSON.stringify(script.parameters.join(','))})`;
    this.#vm?.run(new VMScript(`${call};0`, script.filename));
  }

  enter(frame: string): string {
    const out: unknown = this.#enter?.(frame);
    return typeof out === 'string' ? out : '';
  }

  rejected(reason: unknown): void {
    // no script is there before the door is: the first reason is the guest's, see handOver() there
    const lose = this.#lose;
    if (lose === undefined) {
      this.#lose = reason as (reason: unknown) => void;
      return;
    }
    try {
      lose(reason); // not as a method: it would be handed this engine, an object of the host
    } catch {
      // nothing of the sandbox's error is looked at
    }
  }
}

/** Our own text, which vm2 need not go through again. Never used for a script. */
function guestScript(text: string): VMScript {
  const script = new VMScript(text, GUEST_FILE);
  if (!text.startsWith(SEEN_BY_VM2)) return script;
  const inner = script as unknown as { _compiledCode: string | null; _hasAsync: boolean };
  if (inner._compiledCode !== null) throw new BugError('this vm2 keeps what it made of a text elsewhere');
  inner._compiledCode = text;
  inner._hasAsync = true;
  return script;
}

/** No object, function or promise ever reaches the host: anything but (number, number, text) is dropped, and no host error crosses back. */
function guarded(ask: AskHost): AskHost {
  return (kind, number, text) => {
    if (typeof kind !== 'number' || typeof number !== 'number' || typeof text !== 'string') return '';
    try {
      const answer: unknown = ask(kind, number, text);
      return typeof answer === 'string' || typeof answer === 'number' ? answer : '';
    } catch {
      return '';
    }
  };
}
