import { COMMANDS, OPTIONS, takersOf } from '../commands/all.ts';
import { type Option, signatureOf, variableOf } from '../commands/option.ts';

/** The flags that most people need, by name, in the order of the help: the README has these. */
const NEEDED = ['env', 'base-url', 'profile', 'users', 'duration', 'rate', 'once', 'threshold', 'junit', 'allow-production'];

/** All flags as a Markdown table, for docs/options.md between `<!-- options:begin -->` and `<!-- options:end -->`; aligned, as the formatter wants it. */
export function optionsMarkdown(): string {
  return tableOf(['flag', 'of', 'meaning', 'variable', 'example'], OPTIONS.map(cellsOf));
}

/** The ten that most people need, for the README between the same two markers. */
export function neededOptionsMarkdown(): string {
  const needed = OPTIONS.filter(({ name }) => NEEDED.includes(name));
  return tableOf(
    ['flag', 'meaning'],
    needed.map((option) => [code(signatureOf(option)), option.description]),
  );
}

function tableOf(titles: readonly string[], cells: readonly (readonly string[])[]): string {
  const rows = [titles, ...cells.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))];
  const widths = titles.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const [head, ...body] = rows.map((row) => lineOf(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [head, lineOf(widths.map((width) => '-'.repeat(width))), ...body].join('\n');
}

function lineOf(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function cellsOf(option: Option): string[] {
  const variable = option.isFlagOnly === true ? '' : code(variableOf(option));
  return [code(signatureOf(option)), commandsOf(option), option.description, variable, code(option.example)];
}

function commandsOf(option: Option): string {
  const takers = takersOf(option);
  return takers.length === COMMANDS.length ? 'all' : takers.join(', ');
}

function code(text: string): string {
  return `\`${text}\``;
}
