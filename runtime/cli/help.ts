import { COMMANDS, type CommandName, optionsOf } from '../commands/all.ts';
import type { Command } from '../commands/command.ts';
import { type Option, signatureOf } from '../commands/option.ts';
import { run } from '../commands/run.ts';
import { wrapped } from '../report/plain-text.ts';
import { COMPLETION } from './completion.ts';

const COLUMNS = 80;
const SIGNATURE_WIDTH = 26;

/** The help of one command, or of all of them; ends in an example. */
export function helpText(topic: CommandName | undefined): string {
  const command = COMMANDS.find(({ name }) => name === topic);
  return command === undefined ? `${overview()}\n${flagsOf(run)}\n${tail(run)}` : commandHelp(command);
}

/** What stressrun says when it was given nothing. */
export function shortHelp(): string {
  return `${overview()}\nAll flags: stressrun --help\n`;
}

function overview(): string {
  const lines = [...COMMANDS, COMPLETION].flatMap(({ usage, does }) => [`  ${usage}`, ...wrapped(does, COLUMNS, 6)]);
  return `stressrun: load tests in TypeScript that end in a verdict\n\n${lines.join('\n')}\n`;
}

function commandHelp(command: Command): string {
  const { usage, does } = command;
  return `${usage}\n${wrapped(does, COLUMNS, 2).join('\n')}\n\n${flagsOf(command)}\n${tail(command)}`;
}

function flagsOf(command: Command): string {
  return `Flags of ${command.name}\n${optionsOf(command).flatMap(linesOf).join('\n')}\n`;
}

function linesOf(option: Option): string[] {
  const signature = option.alias === undefined ? `    ${signatureOf(option)}` : signatureOf(option);
  const description = wrapped(option.description, COLUMNS, SIGNATURE_WIDTH + 2);
  if (signature.length > SIGNATURE_WIDTH - 2) return [`  ${signature}`, ...description];
  return description.map((line, i) => (i === 0 ? `  ${signature.padEnd(SIGNATURE_WIDTH)}${line.trimStart()}` : line));
}

function tail({ examples }: Command): string {
  const variables = 'Every flag can be set as a variable too: --base-url is STRESSRUN_BASE_URL. A flag wins over its variable.';
  const title = examples.length === 1 ? 'Example' : 'Examples';
  return `${wrapped(variables, COLUMNS, 0).join('\n')}\n\n${title}\n${examples.map((example) => `  ${example}\n`).join('')}`;
}
