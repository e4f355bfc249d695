import { charsetOf } from './answer-text.ts';

const CASE_BIT = 0x20;

/** The headers of an answer. Nothing is made of them before it is asked for: most scripts look at none. */
export interface ResponseHeaders {
  /** Bytes of the first value under this name (lower case); undefined when there is none. Cheap: names are told apart by their length first. */
  first(name: string): Buffer | undefined;
  /** Bytes of all values under this name (lower case), in order. */
  values(name: string): Buffer[];
  /** Name, value, name, value …, names in lower case; values read as UTF-8, as Go and k6 do. */
  pairs(): string[];
  /** Of the body, by `content-type`; empty: UTF-8. */
  readonly charset: string;
}

/** Headers that came as a buffer for each name and each value. */
export class HeaderBuffers implements ResponseHeaders {
  readonly #raw: readonly Buffer[];
  #charset: string | undefined;

  constructor(raw: readonly Buffer[]) {
    this.#raw = raw;
  }

  first(name: string): Buffer | undefined {
    const raw = this.#raw;
    for (let i = 0; i + 1 < raw.length; i += 2) if (isNamed(raw[i] as Buffer, name)) return raw[i + 1];
    return undefined;
  }

  values(name: string): Buffer[] {
    const raw = this.#raw;
    return raw.filter((_, i) => i % 2 === 1 && isNamed(raw[i - 1] as Buffer, name));
  }

  get charset(): string {
    this.#charset ??= charsetOf(this.first('content-type'));
    return this.#charset;
  }

  pairs(): string[] {
    return this.#raw.map((bytes, i) => (i % 2 === 0 ? bytes.toString('latin1').toLowerCase() : bytes.toString()));
  }
}

/** All values under this name (lower case), in order, read as UTF-8. */
export function textsUnder(headers: ResponseHeaders, name: string): string[] {
  return headers.values(name).map((value) => value.toString());
}

export const NO_HEADERS: ResponseHeaders = new HeaderBuffers([]);

/** Whether the bytes from `from` on are that name (lower case); the caller has compared the lengths. */
export function isNameAt(bytes: Buffer, from: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if (((bytes[from + i] as number) | CASE_BIT) !== (name.charCodeAt(i) | CASE_BIT)) return false;
  return true;
}

function isNamed(bytes: Buffer, name: string): boolean {
  return bytes.length === name.length && isNameAt(bytes, 0, name);
}
