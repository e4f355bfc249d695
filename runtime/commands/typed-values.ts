import { ConfigError } from '../core/errors.ts';

/** What was typed, by the name of the option: texts in order, or a switch. */
export type TypedValues = Readonly<Record<string, readonly string[] | boolean>>;

/** Where to look when a command line is not understood. */
export const SEE_HELP = 'see stressrun --help';

/** The last value of an option; undefined when it was not given. */
export function textOf(values: TypedValues, name: string): string | undefined {
  const value = values[name];
  return Array.isArray(value) ? value.at(-1) : undefined;
}

/** All values of an option; undefined when it was not given. */
export function listOf(values: TypedValues, name: string): readonly string[] | undefined {
  const value = values[name];
  return typeof value === 'object' && value.length > 0 ? value : undefined;
}

/** A switch; undefined when it was not given. */
export function switchOf(values: TypedValues, name: string): boolean | undefined {
  const value = values[name];
  return typeof value === 'boolean' ? value : undefined;
}

/** `a=b` pairs; the last one of a key counts. @throws {ConfigError} naming the flag when one has no key or no `=` */
export function pairsOf(flag: string, texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at < 1) throw new ConfigError(flag, `expected KEY=VALUE; got ${JSON.stringify(text)}`, { hint: SEE_HELP });
      return [text.slice(0, at), text.slice(at + 1)];
    }),
  );
}

/** The fields that were given: an absent flag is an absent field, not an undefined one. */
export function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
