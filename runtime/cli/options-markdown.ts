import { type Option, signatureOf, variableOf } from './option.ts';
import { OPTIONS } from './option-table.ts';

/** The flags as a Markdown table, for the README between `<!-- options:begin -->` and `<!-- options:end -->`. */
export function optionsMarkdown(): string {
  const rows = OPTIONS.filter((option) => option.isHidden !== true).map(rowOf);
  return ['| flag | of | meaning | variable | example |', '|---|---|---|---|---|', ...rows].join('\n');
}

function rowOf(option: Option): string {
  const variable = option.isFlagOnly === true ? '' : code(variableOf(option));
  const cells = [code(signatureOf(option)), commandsOf(option), option.description, variable, code(option.example)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function commandsOf(option: Option): string {
  return option.commands.length === 4 ? 'all' : option.commands.join(', ');
}

function code(text: string): string {
  return `\`${text}\``;
}
