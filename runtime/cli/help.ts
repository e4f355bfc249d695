import { wrapped } from '../report/plain-text.ts';
import { type Command, type Option, signatureOf } from './option.ts';
import { OPTIONS } from './option-table.ts';

const COLUMNS = 80;
const SIGNATURE_WIDTH = 26;

const USAGE: Readonly<Record<Command, { line: string; does: string; example: string }>> = {
  run: {
    line: 'stressrun <script> [flags]',
    does: 'run a load test and print its verdict; `stressrun run <script>` is the same',
    example: 'stressrun scripts/predict.ts -e local -p smoke',
  },
  check: {
    line: 'stressrun check <script> [flags]',
    does: 'bundle the script, print the plan, and run every task of it once',
    example: 'stressrun check scripts/predict.ts -e local',
  },
  report: {
    line: 'stressrun report <run> [flags]',
    does: 'report again on a run that was kept, also on one that was killed',
    example: 'stressrun report latest',
  },
  target: {
    line: 'stressrun target [flags]',
    does: 'start the built-in inference server, to try things on',
    example: 'stressrun target --port 8000 --latency 80ms --slots 4',
  },
};

/** The help of one command, or of all of them; ends in an example. */
export function helpText(topic: Command | undefined): string {
  return topic === undefined ? `${overview()}\n${flagsOf('run')}\n${tail('run')}` : commandHelp(topic);
}

/** What stressrun says when it was given nothing. */
export function shortHelp(): string {
  return `${overview()}\nAll flags: stressrun --help\n`;
}

function overview(): string {
  const lines = Object.values(USAGE).flatMap(({ line, does }) => [`  ${line}`, ...wrapped(does, COLUMNS, 6)]);
  return `stressrun: load tests in TypeScript that end in a verdict\n\n${lines.join('\n')}\n`;
}

function commandHelp(command: Command): string {
  const { line, does } = USAGE[command];
  return `${line}\n${wrapped(does, COLUMNS, 2).join('\n')}\n\n${flagsOf(command)}\n${tail(command)}`;
}

function flagsOf(command: Command): string {
  const options = OPTIONS.filter((option) => option.isHidden !== true && option.commands.includes(command));
  return `Flags of ${command}\n${options.flatMap(linesOf).join('\n')}\n`;
}

function linesOf(option: Option): string[] {
  const signature = option.alias === undefined ? `    ${signatureOf(option)}` : signatureOf(option);
  const description = wrapped(option.description, COLUMNS, SIGNATURE_WIDTH + 2);
  if (signature.length > SIGNATURE_WIDTH - 2) return [`  ${signature}`, ...description];
  return description.map((line, i) => (i === 0 ? `  ${signature.padEnd(SIGNATURE_WIDTH)}${line.trimStart()}` : line));
}

function tail(command: Command): string {
  const variables = 'Every flag can be set as a variable too: --base-url is STRESSRUN_BASE_URL. A flag wins over its variable.';
  return `${wrapped(variables, COLUMNS, 0).join('\n')}\n\nExample\n  ${USAGE[command].example}\n`;
}
