/**
 * One flag. yargs, `--help`, the STRESSRUN_* variables and the table of docs/options.md are all made from this.
 * `text` takes a value and the last one counts; `list` may be given again; `switch` takes none; `optional` takes one only behind `=`.
 */
export interface Option {
  readonly name: string;
  readonly alias?: string;
  readonly kind: 'text' | 'list' | 'switch' | 'optional';
  /** What stands for the value, such as `N`; absent for a switch. */
  readonly value?: string;
  /** For `optional`: what the flag alone means. */
  readonly bare?: string;
  /** For `optional`: a value that may also stand behind a space; anything else there is no value of it. */
  readonly follows?: RegExp;
  readonly description: string;
  readonly example: string;
  /** Cannot be set by a variable. */
  readonly isFlagOnly?: boolean;
}

/** `STRESSRUN_BASE_URL` for `base-url`. */
export function variableOf(option: Option): string {
  return `STRESSRUN_${option.name.toUpperCase().replaceAll('-', '_')}`;
}

/** `-u, --users N`, `--http-debug[=failed]`, `--once`. */
export function signatureOf(option: Option): string {
  const alias = option.alias === undefined ? '' : `-${option.alias}, `;
  if (option.kind === 'optional') return `${alias}--${option.name}[=${option.value}]`;
  return `${alias}--${option.name}${option.value === undefined ? '' : ` ${option.value}`}`;
}
