/** What the guest may ask of the host: numbers and a text in, a number or a text out; see ASK in core/mailbox.ts. */
export type AskHost = (kind: number, number: number, text: string) => string | number;

/**
 * The seat of whatever keeps scripts apart from the process. Everything that crosses is a number or a text, so that vm2, isolated-vm,
 * SES or QuickJS fit alike. One engine holds all virtual users of a worker.
 */
export interface SandboxEngine {
  /** Evaluates the guest half and connects it. Once, before anything else. */
  start(guestText: string, ask: AskHost): void;
  /** After the start: what it lacks to be the wall that it is taken for, a line each. Unless that is nothing, no script may run in it. */
  missing(): readonly string[];
  /**
   * Compiles the script: `code` is one factory expression, called once per VU with a value for each of `parameters`.
   * @throws Error (of the host) when the text is no valid script
   */
  compile(script: { code: string; filename: string; parameters: readonly string[] }): void;
  /** Hands the guest a frame for one VU (empty: just listen). @returns what it has to say since the last time */
  enter(frame: string): string;
  /**
   * Hands back in what a promise of the sandbox was rejected with and nobody handled, untouched: the guest says what it was with the next
   * `enter`. The first that comes after `start` is the guest's own function for that.
   */
  rejected(reason: unknown): void;
}
