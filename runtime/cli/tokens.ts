import yargs from 'yargs';
import { OPTIONS } from '../commands/all.ts';
import { type Option, signatureOf } from '../commands/option.ts';
import { SEE_HELP, type TypedValues } from '../commands/typed-values.ts';
import { ConfigError } from '../core/errors.ts';

/** A command line taken apart: words that are no flags, known flags, and names of flags that nobody knows (with their dashes). */
export interface Tokens {
  readonly words: readonly string[];
  readonly values: TypedValues;
  readonly strangers: readonly string[];
}

/** Every known flag as it is typed, long and short. */
const FLAGS: ReadonlyMap<string, Option> = new Map(
  OPTIONS.flatMap((option) => [
    [`--${option.name}`, option] as const,
    ...(option.alias === undefined ? [] : [[`-${option.alias}`, option] as const]),
  ]),
);

/** A flag by its long name or its letter, without dashes. */
export function optionNamed(name: string): Option | undefined {
  return OPTIONS.find((option) => option.name === name || option.alias === name);
}

/** @throws {ConfigError} when a flag has no value, or a switch has one */
export function tokensOf(argv: readonly string[]): Tokens {
  const parsed = parse(withFollowing(argv.filter((token) => !isInherited(token))).map(normalized));
  const values: Record<string, readonly string[] | boolean> = {};
  const strangers = argv.filter(isInherited).map((token) => token.split('=')[0] as string);
  for (const [key, value] of Object.entries(parsed)) {
    if (key === '_' || key === '$0') continue;
    const option = OPTIONS.find((candidate) => candidate.name === key);
    if (option === undefined) strangers.push(key.length === 1 ? `-${key}` : `--${key}`);
    else
      values[key] =
        option.kind === 'switch' ? [value].flat().at(-1) === true : [value].flat().map((text) => checkedValue(option, String(text)));
  }
  return { words: parsed._.map(String), values, strangers };
}

/** Flags such as `--constructor`: yargs looks names up in plain objects, and finds these. */
function isInherited(token: string): boolean {
  return token.startsWith('--') && (token.slice(2).split('=')[0] as string) in Object.prototype;
}

/** `--ui 0.0.0.0:8089` as `--ui=0.0.0.0:8089`: where the value can be told from a script. */
function withFollowing(argv: readonly string[]): string[] {
  return argv.flatMap((token, i) => {
    const isValueOf = (flag: string | undefined, value: string | undefined): boolean =>
      flag !== undefined && value !== undefined && FLAGS.get(flag)?.follows?.test(value) === true;
    if (isValueOf(argv[i - 1], token)) return [];
    return isValueOf(token, argv[i + 1]) ? [`${token}=${argv[i + 1]}`] : [token];
  });
}

function parse(argv: readonly string[]): { _: (string | number)[]; [key: string]: unknown } {
  try {
    return yargs([...argv])
      .help(false)
      .version(false)
      .exitProcess(false)
      .fail(false)
      .locale('en')
      .parserConfiguration({
        'boolean-negation': false,
        'camel-case-expansion': false,
        'dot-notation': false,
        'parse-numbers': false,
        'parse-positional-numbers': false,
        'strip-aliased': true,
        // A value is what follows, dashes or not: `--users -1` is for config to refuse.
        'nargs-eats-options': true,
      })
      .options(Object.fromEntries(OPTIONS.map((option) => [option.name, yargsOptionOf(option)])))
      .parseSync();
  } catch (error) {
    const name = /^Not enough arguments following: (.+)$/.exec((error as Error).message)?.[1];
    const option = name === undefined ? undefined : optionNamed(name);
    if (option === undefined)
      throw new ConfigError('', `expected flags and one script; ${(error as Error).message}`, { hint: SEE_HELP, cause: error });
    throw noValue(option, 'nothing');
  }
}

function yargsOptionOf(option: Option): { alias?: string; string?: true; boolean?: true; nargs?: number } {
  return {
    ...(option.alias === undefined ? {} : { alias: option.alias }),
    ...(option.kind === 'switch' ? { boolean: true } : { string: true }),
    ...(takesValue(option) ? { nargs: 1 } : {}),
  };
}

/** What yargs reads otherwise than people do: `-eKEY=VALUE` (flags e, K, E …), a bare `--http-debug` (eats the script), `--quiet=yes` (is false). */
function normalized(token: string): string {
  const attached = /^-([A-Za-z])(?:=(.*)|(.+))$/s.exec(token);
  const short = attached === null ? undefined : FLAGS.get(`-${attached[1]}`);
  if (attached !== null && short !== undefined && takesValue(short)) return `--${short.name}=${attached[2] ?? attached[3]}`;
  const option = FLAGS.get(token);
  if (option?.kind === 'optional') return `${token}=${option.bare}`;
  const at = token.indexOf('=');
  const owner = at < 0 ? undefined : FLAGS.get(token.slice(0, at));
  if (owner?.kind === 'switch' && !['true', 'false'].includes(token.slice(at + 1))) {
    throw new ConfigError(`--${owner.name}`, `expected no value; got ${JSON.stringify(token.slice(at + 1))}`, { hint: SEE_HELP });
  }
  return token;
}

function takesValue(option: Option): boolean {
  return option.kind === 'text' || option.kind === 'list';
}

function checkedValue(option: Option, text: string): string {
  if (FLAGS.has(text)) throw noValue(option, `the flag ${text}`);
  return text;
}

function noValue(option: Option, got: string): ConfigError {
  return new ConfigError(`--${option.name}`, `expected a value (${signatureOf(option)}); got ${got}`, {
    hint: `for example ${option.example}`,
  });
}
