import type { RunUiInput, TargetFlags, UiFlags } from '../commands/inputs.ts';
import type { ClusterFlags } from '../commands/k8s/cluster-settings.ts';
import type { RunFlags } from '../config/flags.ts';
import { guessOf } from '../config/unknown-name.ts';
import { ConfigError } from '../core/errors.ts';
import type { ReportFlags } from '../run/output.ts';
import { COMMANDS, type Command } from './option.ts';
import { OPTIONS } from './option-table.ts';
import { foreignFlag } from './other-tools-flags.ts';
import { clusterFlagsOf, namesOf, runFlagsOf, targetFlagsOf, uiFlagsOf } from './run-flags.ts';
import type { ColorWish } from './terminal.ts';
import { type Tokens, tokensOf } from './tokens.ts';
import { given, SEE_HELP, switchOf, type TypedValues, textOf } from './typed-values.ts';
import { readVariables } from './variables.ts';

/** What every command is told about its terminal. */
interface View {
  readonly isQuiet: boolean;
  readonly colors: ColorWish;
  /** One line each, for people. */
  readonly warnings: readonly string[];
}

/** Where runs are kept. */
interface Kept {
  readonly runDir: string;
  readonly jsonPath?: string;
  /** Files beside those of the run folder. */
  readonly reports?: ReportFlags;
  /** k6's summary. */
  readonly summaryExportPath?: string;
}

/** A command line, understood. */
export type ParsedArgs =
  | ({ readonly command: 'run'; readonly flags: RunFlags; readonly ui?: UiFlags } & Kept & View)
  | ({ readonly command: 'ui'; readonly flags: RunUiInput['flags']; readonly ui: UiFlags } & Kept & View)
  | ({ readonly command: 'check'; readonly flags: RunFlags } & View)
  | ({ readonly command: 'report'; readonly run: string } & Kept & View)
  | ({ readonly command: 'target'; readonly flags: TargetFlags } & View)
  | ({ readonly command: 'init'; readonly folder: string; readonly packageSpec?: string } & View)
  | ({ readonly command: 'k8s'; readonly flags: RunFlags; readonly cluster: ClusterFlags } & View)
  /** `isAsked` is false when there was nothing on the command line. */
  | { readonly command: 'help'; readonly topic: Command | undefined; readonly isAsked: boolean }
  | { readonly command: 'version' };

const RUN_DIR = 'runs';

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
  if (switchOf(tokens.values, 'help') === true) return { command: 'help', topic: COMMANDS.find((name) => name === first), isAsked: true };

  const command = commandOf(first);
  refuseStrangers(tokens, command);
  const words = first === command ? tokens.words.slice(1) : tokens.words;
  const variables = readVariables(env, command);
  const values = { ...variables.values, ...tokens.values };
  const view: View = {
    isQuiet: switchOf(values, 'quiet') ?? false,
    colors: switchOf(values, 'no-color') === true ? 'off' : colorsOf(env),
    warnings: variables.warnings,
  };
  switch (command) {
    case 'run':
      return {
        command,
        flags: runFlagsOf(oneWord(words, command), tokens.values, variables.values),
        ...given({ ui: uiFlagsOf(values, 'run', env['STRESSRUN_UI_TOKEN']) }),
        ...keptOf(values),
        ...view,
      };
    case 'ui': {
      const { script, ...others } = runFlagsOf(words.length === 0 ? '' : oneWord(words, command), tokens.values, variables.values);
      const flags = script === '' ? others : { script, ...others };
      return { command, flags, ui: uiFlagsOf(values, 'ui', env['STRESSRUN_UI_TOKEN']) as UiFlags, ...keptOf(values), ...view };
    }
    case 'check':
      return { command, flags: runFlagsOf(oneWord(words, command), tokens.values, variables.values), ...view };
    case 'report':
      return { command, run: oneWord(words, command), ...keptOf(values), ...view };
    case 'target':
      if (words[0] !== undefined)
        throw new ConfigError('target', `expected flags only; got ${JSON.stringify(words[0])}`, { hint: seeHelpOf(command) });
      return { command, flags: targetFlagsOf(tokens.values, variables.values), ...view };
    case 'init':
      return {
        command,
        folder: words.length === 0 ? '.' : oneWord(words, command),
        ...given({ packageSpec: textOf(values, 'package') }),
        ...view,
      };
    case 'k8s': {
      const flags = runFlagsOf(oneWord(words, command), tokens.values, variables.values);
      return { command, flags, cluster: clusterFlagsOf(values), ...view };
    }
  }
}

/** A command by its name; else what looks like a path is a script to run. */
function commandOf(word: string | undefined): Command {
  const command = COMMANDS.find((name) => name === word);
  if (command !== undefined) return command;
  if (word === undefined || /[./\\]/.test(word)) return 'run';
  throw unknownCommand(word);
}

function topicOf(word: string | undefined): Command | undefined {
  if (word === undefined) return undefined;
  const command = COMMANDS.find((name) => name === word);
  if (command === undefined) throw unknownCommand(word);
  return command;
}

function unknownCommand(word: string): ConfigError {
  const expected = `${COMMANDS.slice(0, -1).join(', ')}, ${COMMANDS.at(-1)} or the path of a script`;
  return new ConfigError('command', `expected ${expected}; got ${JSON.stringify(word)}${guessOf(word, COMMANDS)}`, { hint: SEE_HELP });
}

const SUBJECT: Readonly<Record<Exclude<Command, 'target'>, { what: string; such: string }>> = {
  run: { what: 'the path of one script', such: 'stressrun scripts/predict.ts' },
  ui: { what: 'at most one script', such: 'stressrun ui scripts/predict.ts' },
  check: { what: 'the path of one script', such: 'stressrun check scripts/predict.ts' },
  report: { what: 'one run', such: 'stressrun report latest' },
  init: { what: 'one folder', such: 'stressrun init shop-tests' },
  k8s: { what: 'the path of one script', such: 'stressrun k8s scripts/predict.ts' },
};

function oneWord(words: readonly string[], command: Exclude<Command, 'target'>): string {
  const [word, second] = words;
  if (word !== undefined && word !== '' && second === undefined) return word;
  const got = second === undefined ? (word === undefined ? 'none' : '""') : words.map((text) => JSON.stringify(text)).join(' and ');
  const { what, such } = SUBJECT[command];
  throw new ConfigError(command, `expected ${what}, such as "${such}"; got ${got}`, { hint: seeHelpOf(command) });
}

function refuseStrangers({ strangers, values }: Tokens, command: Command): void {
  const [stranger] = strangers;
  if (stranger !== undefined) {
    const names = OPTIONS.filter((option) => option.commands.includes(command)).map((option) => `--${option.name}`);
    const foreign = foreignFlag(stranger);
    const guess = foreign !== undefined ? `: here it is ${foreign}` : stranger.startsWith('--') ? guessOf(stranger, names) : '';
    throw new ConfigError('', `expected a flag of "stressrun ${command}"; got "${stranger}"${guess}`, { hint: seeHelpOf(command) });
  }
  const misplaced = OPTIONS.find((option) => option.name in values && !option.commands.includes(command));
  if (misplaced === undefined) return;
  const names = misplaced.commands.map((name) => `"stressrun ${name}"`);
  const owners = [names.slice(0, -1).join(', '), ...names.slice(-1)].filter(Boolean).join(' and ');
  throw new ConfigError('', `expected a flag of "stressrun ${command}"; got "--${misplaced.name}", which is one of ${owners}`, {
    hint: seeHelpOf(command),
  });
}

function seeHelpOf(command: Command): string {
  return command === 'run' ? SEE_HELP : `see stressrun ${command} --help`;
}

function keptOf(values: TypedValues): Kept {
  const jsonPath = textOf(values, 'json');
  const summaryExportPath = textOf(values, 'summary-export');
  const files: ReportFlags = given({
    html: textOf(values, 'html'),
    csv: textOf(values, 'csv'),
    isCsvRaw: switchOf(values, 'csv-raw'),
    isCsvFullHistory: switchOf(values, 'csv-full-history'),
    by: namesOf(values, 'by'),
    junit: textOf(values, 'junit'),
    markdown: textOf(values, 'md'),
  });
  const reports = Object.keys(files).length === 0 ? undefined : files;
  return { runDir: textOf(values, 'run-dir') ?? RUN_DIR, ...given({ jsonPath, summaryExportPath, reports }) };
}

/** FORCE_COLOR goes before NO_COLOR, as in Node. */
function colorsOf(env: Readonly<Record<string, string | undefined>>): ColorWish {
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced === '0' || forced === 'false' ? 'off' : 'on';
  return (env['NO_COLOR'] ?? '') === '' ? 'auto' : 'off';
}
