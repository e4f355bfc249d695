import { wrapped } from '../report/plain-text.ts';
import { type Command, type Option, signatureOf } from './option.ts';
import { OPTIONS } from './option-table.ts';

const COLUMNS = 80;
const SIGNATURE_WIDTH = 26;

const USAGE: Readonly<Record<Command, { line: string; does: string; examples: readonly string[] }>> = {
  run: {
    line: 'stressrun <script> [flags]',
    does: 'run a load test and print its verdict; `stressrun run <script>` is the same',
    examples: [
      'stressrun scripts/predict.ts -e local -p smoke',
      'stressrun scripts/predict.ts -e local -p spike --duration 30s',
      'stressrun scripts/predict.ts -e local --rate 50/s --duration 1m --users 200',
      'stressrun scripts/predict.ts -e local --stage 30s:10 --stage 1m:50',
    ],
  },
  check: {
    line: 'stressrun check <script> [flags]',
    does: 'bundle the script, print the plan, and run every task of it once',
    examples: ['stressrun check scripts/predict.ts -e local -p standard_open'],
  },
  report: {
    line: 'stressrun report <run> [flags]',
    does: 'report again on a run that was kept, also on one that was killed',
    examples: ['stressrun report latest'],
  },
  target: {
    line: 'stressrun target [flags]',
    does: 'start the built-in inference server, to try things on',
    examples: ['stressrun target --port 8000 --latency 80ms --slots 4'],
  },
  ui: {
    line: 'stressrun ui [script] [flags]',
    does: 'web UI: start runs, watch and change them, compare them; flags are what its form begins with',
    examples: ['stressrun ui scripts/predict.ts -e demo -p smoke'],
  },
  init: {
    line: 'stressrun init [dir] [flags]',
    does: 'make a repository for load tests: a script, config.yaml, types for the editor, workflows; nothing is overwritten',
    examples: ['stressrun init shop-tests'],
  },
  k8s: {
    line: 'stressrun k8s <script> [flags]',
    does: 'print the Kubernetes manifests that run this load test as a Job',
    examples: ['stressrun k8s scripts/predict.ts -e k8s -p load --target-pods app=inference'],
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
  const options = OPTIONS.filter((option) => option.commands.includes(command));
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
  const { examples } = USAGE[command];
  const title = examples.length === 1 ? 'Example' : 'Examples';
  return `${wrapped(variables, COLUMNS, 0).join('\n')}\n\n${title}\n${examples.map((example) => `  ${example}\n`).join('')}`;
}
