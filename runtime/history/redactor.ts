import type { Secret } from '../core/plan.ts';

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/** Keeps the values of secrets out of everything that is printed or written. Knows none until told. */
export class Redactor {
  #pattern: RegExp | undefined;

  /** From here on the values of these are hidden: as they are, encoded for a URL, and as they stand inside JSON. Empty ones hide nothing. */
  learn(secrets: readonly Secret[]): void {
    const values = secrets.flatMap(({ value }) =>
      value === '' ? [] : [value, encodeURIComponent(value), JSON.stringify(value).slice(1, -1)],
    );
    // The longest first: a secret may be the beginning of another. In one pass: one may also be a part of the replacement.
    values.sort((a, b) => b.length - a.length);
    this.#pattern = values.length === 0 ? undefined : new RegExp([...new Set(values)].map(escaped).join('|'), 'g');
  }

  text(text: string): string {
    return this.#pattern === undefined ? text : text.replace(this.#pattern, REDACTED);
  }

  /** A JSON value with every text in it cleaned; the value itself when there is nothing to hide. */
  json<T>(value: T): T {
    return this.#pattern === undefined ? value : (JSON.parse(this.stringify(value)) as T);
  }

  /** The JSON of a value, every text in it cleaned. */
  stringify(value: unknown, indent?: number): string {
    const replacer = this.#pattern === undefined ? undefined : (_key: string, part: unknown) => this.#part(part);
    return JSON.stringify(value, replacer, indent);
  }

  #part(part: unknown): unknown {
    return typeof part === 'string' ? this.text(part) : part;
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
