import { VM, VMScript } from 'vm2';
import type { AskHost, SandboxEngine } from './sandbox-engine.ts';
import { missingFixesOf } from './vm2-fixes.ts';

/** Largest single allocation of bytes inside; many small ones are the process limit's business. */
const ALLOCATION_BYTES_MAX = 16 << 20;
/** For module level of the guest half itself; scripts are watched by the watchdog. */
const START_TIMEOUT_MS = 5_000;
/** Must not begin with a slash or contain `..`: vm2 hides the frames of files that look like the host's. */
const GUEST_FILE = 'stressrun-guest.js';

/** The scripts' world on vm2: one VM per worker. @see DECISIONS.md for the pinned version */
export class Vm2Engine implements SandboxEngine {
  #vm: VM | undefined;
  #missing: readonly string[] = [];
  #enter: ((frame: string) => string) | undefined;
  /** The guest's function for reasons, as the sandbox has it. It is called with values of the sandbox, so nothing crosses vm2's bridge. */
  #lose: ((reason: unknown) => void) | undefined;

  start(guestText: string, ask: AskHost): void {
    // bufferAllocLimit is missing from vm2's types
    const options = { eval: false, wasm: false, allowAsync: true, timeout: START_TIMEOUT_MS, bufferAllocLimit: ALLOCATION_BYTES_MAX };
    const vm = new VM(options);
    this.#vm = vm;
    this.#missing = missingFixesOf(vm);
    vm.setGlobal('__stressrunAsk', guarded(ask));
    vm.setGlobal('__stressrunRegister', (enter: (frame: string) => string) => {
      this.#enter ??= enter;
    });
    vm.run(new VMScript(`${guestText}\n0`, GUEST_FILE));
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

  dispose(): void {
    this.#enter = undefined;
    this.#lose = undefined;
    this.#vm = undefined;
  }
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
