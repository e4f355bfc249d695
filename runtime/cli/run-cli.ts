import { COMMANDS } from '../commands/all.ts';
import type { Command } from '../commands/command.ts';
import { listOf } from '../commands/typed-values.ts';
import { BugError, EXIT, EXIT_OWN_FAULT, StressrunError } from '../core/errors.ts';
import { isReadByRunner } from '../core/runner-commands.ts';
import { signalsHeard } from '../core/signals-heard.ts';
import { renderError } from '../report/error.ts';
import { completionText, isCompletion } from './completion.ts';
import { type EnvFiles, readEnvFiles } from './dotenv-file.ts';
import { helpText, shortHelp } from './help.ts';
import { type ParsedArgs, parseArgs, type WorkArgs } from './parse-args.ts';
import { listenForStop, type SignalSource } from './stop-signals.ts';
import { createTerminal, type OutputStream } from './terminal.ts';
import { tokensOf } from './tokens.ts';
import { versionLine } from './version.ts';

/** What a process gives to the command line. */
export interface Surroundings {
  /** Without the node and the program. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where it was started: relative paths are below it. */
  readonly folder: string;
  /** Variables that a file gave, for all that is read later. */
  readonly learnVariables?: (values: Readonly<Record<string, string>>) => void;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly signals: SignalSource;
  /** Ends the process at once. */
  readonly leave: (exitCode: number) => void;
  /** Called when the process ends, whatever the reason. */
  readonly onExit?: (callback: () => void) => void;
}

/** The whole of the command line. Never rejects. @returns the exit code */
export async function runCli(surroundings: Surroundings, commands: readonly Command[] = COMMANDS): Promise<number> {
  const { argv, stdout, stderr } = surroundings;
  if (isCompletion(argv)) {
    stdout.write(completionText(argv));
    return EXIT.passed;
  }
  let args: ParsedArgs;
  let files: EnvFiles;
  try {
    files = readEnvFiles(envFilesOf(argv), surroundings.env);
    surroundings.learnVariables?.(files.values);
    args = parseArgs(argv, { ...files.values, ...surroundings.env });
    if (args.command === 'help') {
      if (args.isAsked) stdout.write(helpText(args.topic));
      else stderr.write(shortHelp());
      return args.isAsked ? EXIT.passed : EXIT.badInput;
    }
    if (args.command === 'version') {
      stdout.write(`${versionLine()}\n`);
      return EXIT.passed;
    }
  } catch (error) {
    stderr.write(renderError(error));
    return exitCodeOf(error);
  }
  return runCommand(args, surroundings, { commands, notes: files.notes });
}

/** `--dotenv` is read before anything else is: it may say what the other flags are. */
function envFilesOf(argv: readonly string[]): readonly string[] {
  return argv.length === 0 ? [] : (listOf(tokensOf(argv).values, 'dotenv') ?? []);
}

async function runCommand(
  args: WorkArgs,
  surroundings: Surroundings,
  { commands, notes }: { commands: readonly Command[]; notes: readonly string[] },
): Promise<number> {
  const { env, folder, signals: source, leave } = surroundings;
  const output = createTerminal(surroundings, {
    isQuiet: args.isQuiet,
    colors: args.colors,
    term: env['TERM'],
    isReadByRunner: isReadByRunner(env),
  });
  surroundings.onExit?.(output.close);
  const signals = listenForStop({ source, note: output.note, leave });
  try {
    for (const note of notes) output.note(`variables of ${note}`);
    for (const warning of args.warnings) output.note(`warning: ${warning}`);
    const command = commands.find(({ name }) => name === args.command);
    if (command === undefined) throw new BugError(`there is no command ${args.command}`);
    return await command.run(args, { output, signals, around: { variables: env, folder, nowMs: Date.now } });
  } catch (error) {
    await signalsHeard();
    if (signals.isStopping && !(error instanceof BugError)) {
      output.note('interrupted before the end: there is no result');
      return EXIT.interrupted; // what could not be done any more is no error
    }
    output.problem(renderError(error));
    return exitCodeOf(error);
  } finally {
    output.close();
    signals.close();
  }
}

function exitCodeOf(error: unknown): number {
  return error instanceof StressrunError ? error.exitCode : EXIT_OWN_FAULT;
}
