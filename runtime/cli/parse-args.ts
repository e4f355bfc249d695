import { COMMANDS, type CommandName, type InputOf, optionsOf, takersOf } from '../commands/all.ts';
import type { Command } from '../commands/command.ts';
import { SEE_HELP, switchOf, type TypedValues } from '../commands/typed-values.ts';
import { guessOf } from '../config/unknown-name.ts';
import { ConfigError } from '../core/errors.ts';
import { foreignFlag } from './other-tools-flags.ts';
import type { ColorWish } from './terminal.ts';
import { optionNamed, type Tokens, tokensOf } from './tokens.ts';
import { readVariables } from './variables.ts';

/** What every command is told about its terminal. */
interface View {
  readonly isQuiet: boolean;
  readonly colors: ColorWish;
  /** One line each, for people. */
  readonly warnings: readonly string[];
}

/** A command line that asks for work, understood. */
export type WorkArgs = { readonly [Name in CommandName]: { readonly command: Name } & InputOf[Name] & View }[CommandName];

/** A command line, understood. */
export type ParsedArgs =
  | WorkArgs
  /** `isAsked` is false when there was nothing on the command line. */
  | { readonly command: 'help'; readonly topic: CommandName | undefined; readonly isAsked: boolean }
  | { readonly command: 'version' };

/**
 * Reads a command line (without the node and the program) and the STRESSRUN_* variables.
 * @throws {ConfigError} one line: what was expected, what came, the nearest match and where to look
 */
export function parseArgs(argv: readonly string[], env: Readonly<Record<string, string | undefined>>): ParsedArgs {
  if (argv.length === 0) return { command: 'help', topic: undefined, isAsked: false };
  const tokens = tokensOf(argv);
  const [first] = tokens.words;
  if (switchOf(tokens.values, 'version') === true) return { command: 'version' };
  if (first === 'help') return { command: 'help', topic: topicOf(tokens.words[1]), isAsked: true };
  if (switchOf(tokens.values, 'help') === true) return { command: 'help', topic: commandNamed(first)?.name, isAsked: true };

  const command = commandOf(first);
  refuseStrangers(tokens, command);
  const words = first === command.name ? tokens.words.slice(1) : tokens.words;
  const word = wordOf(words, command);
  const variables = readVariables(env, command);
  const values: TypedValues = { ...variables.values, ...tokens.values };
  const view: View = {
    isQuiet: switchOf(values, 'quiet') ?? false,
    colors: switchOf(values, 'no-color') === true ? 'off' : colorsOf(env),
    warnings: variables.warnings,
  };
  const typed = { word, words, flags: tokens.values, variables: variables.values, values, uiToken: env['STRESSRUN_UI_TOKEN'] };
  return { command: command.name, ...command.read(typed), ...view } as WorkArgs;
}

type AnyCommand = Command<CommandName>;

function commandNamed(word: string | undefined): AnyCommand | undefined {
  return COMMANDS.find(({ name }) => name === word);
}

/** A command by its name; else what looks like a path is a script to run. */
function commandOf(word: string | undefined): AnyCommand {
  const command = commandNamed(word === undefined || /[./\\]/.test(word) ? 'run' : word);
  if (command === undefined) throw unknownCommand(word ?? '');
  return command;
}

function topicOf(word: string | undefined): CommandName | undefined {
  if (word === undefined) return undefined;
  const command = commandNamed(word);
  if (command === undefined) throw unknownCommand(word);
  return command.name;
}

function unknownCommand(word: string): ConfigError {
  const names = COMMANDS.map(({ name }) => name);
  const expected = `${names.join(', ')} or the path of a script`;
  return new ConfigError('command', `expected ${expected}; got ${JSON.stringify(word)}${guessOf(word, names)}`, { hint: SEE_HELP });
}

/** What stands beside the flags, as the command wants it. */
function wordOf(words: readonly string[], { name, subject }: AnyCommand): string | undefined {
  const hint = seeHelpOf(name);
  const [word, second] = words;
  if (word === undefined && subject?.isNeeded !== true) return undefined;
  if (subject === undefined) throw new ConfigError(name, `expected flags only; got ${JSON.stringify(word)}`, { hint });
  if (word !== undefined && word !== '' && words.length <= (subject.most ?? 1)) return word;
  const got = second === undefined ? (word === undefined ? 'none' : '""') : words.map((text) => JSON.stringify(text)).join(' and ');
  throw new ConfigError(name, `expected ${subject.what}, such as "${subject.such}"; got ${got}`, { hint });
}

function refuseStrangers({ strangers, values }: Tokens, command: AnyCommand): void {
  const hint = seeHelpOf(command.name);
  const options = optionsOf(command);
  const [stranger] = strangers;
  if (stranger !== undefined) {
    const names = options.map((option) => `--${option.name}`);
    const foreign = foreignFlag(stranger);
    const guess = foreign !== undefined ? `: here it is ${foreign}` : stranger.startsWith('--') ? guessOf(stranger, names) : '';
    throw new ConfigError('', `expected a flag of "stressrun ${command.name}"; got "${stranger}"${guess}`, { hint });
  }
  const misplaced = Object.keys(values)
    .flatMap((name) => optionNamed(name) ?? [])
    .find((option) => !options.includes(option));
  if (misplaced === undefined) return;
  const takers = takersOf(misplaced).map((name) => `"stressrun ${name}"`);
  const owners = [takers.slice(0, -1).join(', '), ...takers.slice(-1)].filter(Boolean).join(' and ');
  throw new ConfigError('', `expected a flag of "stressrun ${command.name}"; got "--${misplaced.name}", which is one of ${owners}`, {
    hint,
  });
}

function seeHelpOf(command: CommandName): string {
  return command === 'run' ? SEE_HELP : `see stressrun ${command} --help`;
}

/** FORCE_COLOR goes before NO_COLOR, as in Node. */
function colorsOf(env: Readonly<Record<string, string | undefined>>): ColorWish {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced === '0' || forced === 'false' ? 'off' : 'on';
  return (env['NO_COLOR'] ?? '') === '' ? 'auto' : 'off';
}
