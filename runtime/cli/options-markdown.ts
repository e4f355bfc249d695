import { COMMANDS, type Option, signatureOf, variableOf } from './option.ts';
import { OPTIONS } from './option-table.ts';

/** The flags as a Markdown table, for the README between `<!-- options:begin -->` and `<!-- options:end -->`; aligned, as the formatter wants it. */
export function optionsMarkdown(): string {
  const rows = [
    ['flag', 'of', 'meaning', 'variable', 'example'],
    ...OPTIONS.map((option) => cellsOf(option).map((cell) => cell.replaceAll('|', '\\|'))),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
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
  return option.commands.length === COMMANDS.length ? 'all' : option.commands.join(', ');
}

function code(text: string): string {
  return `\`${text}\``;
}
