import type { RunOutput, RunSurroundings, StopSignals } from '../run/output.ts';
import type { Option } from './option.ts';
import type { TypedValues } from './typed-values.ts';

/** A command line that asks for a command, taken apart; it has been held to what the command takes. */
export interface Typed {
  /** What stands beside the flags, such as the path of a script; undefined: nothing. */
  readonly word: string | undefined;
  /** All of it, the word first: more than one where the command takes more. */
  readonly words: readonly string[];
  readonly flags: TypedValues;
  /** STRESSRUN_* as if they had been typed. */
  readonly variables: TypedValues;
  /** Both; flags win. */
  readonly values: TypedValues;
  /** STRESSRUN_UI_TOKEN, which no flag is: everyone on the machine would see it. */
  readonly uiToken: string | undefined;
}

/** What a command has beside its input: the terminal, whoever wants it to stop, variables, folder and clock. */
export interface Surroundings {
  readonly output: RunOutput;
  readonly signals: StopSignals;
  readonly around: RunSurroundings;
}

/** One command: all that the command line, its help and the docs know of it. What it runs is loaded when it runs: `--help` waits for neither esbuild nor sharp. */
export interface Command<Name extends string = string, Input extends object = object> {
  readonly name: Name;
  /** Such as `stressrun check <script> [flags]`. */
  readonly usage: string;
  readonly does: string;
  readonly examples: readonly string[];
  /** In the order of its help, before those that every command takes. */
  readonly options: readonly Option[];
  /** What it is given beside flags, with an example, and how many words that may be (1 unless said); undefined: nothing. */
  readonly subject: { readonly what: string; readonly such: string; readonly isNeeded: boolean; readonly most?: number } | undefined;
  /** @throws {ConfigError} for what config never sees */
  read(typed: Typed): Input;
  /** @returns the exit code. @throws {StressrunError} for what a user can mend */
  run(input: Input, surroundings: Surroundings): Promise<number>;
}
