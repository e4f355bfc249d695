import yargs from 'yargs';
import { COMMANDS, optionsOf } from '../commands/all.ts';
import type { Command } from '../commands/command.ts';
import type { Option } from '../commands/option.ts';
import { run } from '../commands/run.ts';

/** What a shell's script asks yargs with: `--get-yargs-completions` and the words of the line so far. */
const ASKS = '--get-yargs-completions';
const WORD = 'completion';

/** For the help. */
export const COMPLETION = { usage: `stressrun ${WORD}`, does: 'print the script that completes commands and flags in your shell' } as const;

/** Whether a command line is about completion: who typed it wants the script, or the script what may come next. */
export function isCompletion(argv: readonly string[]): boolean {
  return argv[0] === WORD || argv[0] === ASKS;
}

/**
 * The script for a shell, or what may come next, a line each: both are yargs' own. It goes by the variable SHELL: zsh and fish are told what each one means.
 * What is no word or flag of ours (a path, a value) is left to the shell.
 */
export function completionText(argv: readonly string[]): string {
  let text = '';
  // commands of which each has its flags; those of `run` also without its name, behind the path of a script
  const all = (COMMANDS as readonly Command[]).reduce(
    (parser, command) => parser.command(command.name, command.does, (own) => own.options(flagsOf(command, true))),
    yargs([]).scriptName('stressrun').help(false).version(false).exitProcess(false).options(flagsOf(run, false)),
  );
  all
    .parserConfiguration({ 'boolean-negation': false })
    .completion(WORD, COMPLETION.does)
    .parseSync([...argv], {}, (_error: unknown, _argv: unknown, output: string) => {
      text = output;
    });
  return text === '' ? '' : `${text}\n`;
}

function flagsOf(command: Command, isGlobal: boolean) {
  return Object.fromEntries(optionsOf(command).map((option) => [option.name, { ...shapeOf(option), global: isGlobal }]));
}

function shapeOf({ alias, kind, description }: Option) {
  return {
    describe: description,
    ...(alias === undefined ? {} : { alias }),
    ...(kind === 'switch' ? { boolean: true } : { string: true }),
  } as const;
}
