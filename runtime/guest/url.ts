import { ASK } from '../core/mailbox.ts';
import { askText } from './host.ts';

const PARTS = ['href', 'protocol', 'username', 'password', 'host', 'hostname', 'port', 'pathname', 'search', 'hash'] as const;
type Part = (typeof PARTS)[number];
type Parts = Record<Part | 'origin', string>;

/** The WHATWG URL: parsed by the host's, so it is exactly that of Node. */
export class GuestUrl {
  #parts: Parts;
  #query: GuestSearchParams | undefined;

  constructor(url: unknown, base?: unknown) {
    const answer = askText(ASK.url, 0, JSON.stringify([String(url), base === undefined ? null : String(base)]));
    if (answer === '') throw new TypeError(`Invalid URL: ${String(url)}`);
    this.#parts = JSON.parse(answer) as Parts;
  }

  static canParse(url: unknown, base?: unknown): boolean {
    return askText(ASK.url, 0, JSON.stringify([String(url), base === undefined ? null : String(base)])) !== '';
  }

  get origin(): string {
    return this.#parts.origin;
  }

  get searchParams(): GuestSearchParams {
    this.#query ??= new GuestSearchParams(this.#parts.search, (search) => this.#set('search', search));
    return this.#query;
  }

  toString(): string {
    return this.#parts.href;
  }

  toJSON(): string {
    return this.#parts.href;
  }

  #set(part: Part, value: string): void {
    const answer = askText(ASK.urlSet, 0, JSON.stringify([this.#parts.href, part, value]));
    if (answer === '') throw new TypeError(`Invalid URL: ${value}`);
    this.#parts = JSON.parse(answer) as Parts;
  }

  static {
    for (const part of PARTS) {
      Object.defineProperty(GuestUrl.prototype, part, {
        get(this: GuestUrl): string {
          return this.#parts[part];
        },
        set(this: GuestUrl, value: unknown) {
          this.#set(part, String(value));
          if ((part === 'search' || part === 'href') && this.#query !== undefined)
            GuestSearchParams.reread(this.#query, this.#parts.search);
        },
        enumerable: true,
        configurable: true,
      });
    }
  }
}

type Pair = [name: string, value: string];
type Init = string | Record<string, string> | Iterable<readonly string[]> | undefined;

/** The WHATWG URLSearchParams. */
export class GuestSearchParams {
  #pairs: Pair[];
  readonly #changed: ((search: string) => void) | undefined;

  constructor(init?: Init, changed?: (search: string) => void) {
    this.#changed = typeof changed === 'function' ? changed : undefined;
    if (init === undefined) this.#pairs = [];
    else if (typeof init !== 'object' || init === null) this.#pairs = parse(String(init));
    else if (typeof (init as Iterable<unknown>)[Symbol.iterator] === 'function')
      this.#pairs = [...(init as Iterable<Iterable<unknown>>)].map(pairOf);
    else this.#pairs = Object.entries(init).map(([name, value]) => [name, String(value)]);
  }

  /** The URL that the parameters belong to got another query. */
  static reread(params: GuestSearchParams, search: string): void {
    params.#pairs = parse(search);
  }

  get size(): number {
    return this.#pairs.length;
  }

  append(name: string, value: string): void {
    this.#pairs.push([String(name), String(value)]);
    this.#report();
  }

  set(name: string, value: string): void {
    const first = this.#pairs.findIndex((pair) => pair[0] === name);
    if (first < 0) this.#pairs.push([String(name), String(value)]);
    else this.#pairs = this.#pairs.flatMap((pair, i): Pair[] => (pair[0] !== name ? [pair] : i === first ? [[name, String(value)]] : []));
    this.#report();
  }

  /** @param value - when given, only pairs with that value */
  delete(name: string, value?: string): void {
    this.#pairs = this.#pairs.filter((pair) => !isPair(pair, name, value));
    this.#report();
  }

  sort(): void {
    this.#pairs.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0));
    this.#report();
  }

  get(name: string): string | null {
    return this.#pairs.find((pair) => pair[0] === name)?.[1] ?? null;
  }

  getAll(name: string): string[] {
    return this.#pairs.filter((pair) => pair[0] === name).map((pair) => pair[1]);
  }

  /** @param value - when given, only a pair with that value counts */
  has(name: string, value?: string): boolean {
    return this.#pairs.some((pair) => isPair(pair, name, value));
  }

  forEach(callback: (value: string, name: string, params: GuestSearchParams) => void): void {
    for (const [name, value] of this.#pairs) callback(value, name, this);
  }

  *entries(): Generator<Pair> {
    for (const [name, value] of this.#pairs) yield [name, value];
  }

  *keys(): Generator<string> {
    for (const [name] of this.#pairs) yield name;
  }

  *values(): Generator<string> {
    for (const [, value] of this.#pairs) yield value;
  }

  [Symbol.iterator](): Generator<Pair> {
    return this.entries();
  }

  toString(): string {
    return askText(ASK.queryFormat, 0, JSON.stringify(this.#pairs));
  }

  #report(): void {
    this.#changed?.(this.toString());
  }
}

function parse(text: string): Pair[] {
  return JSON.parse(askText(ASK.queryParse, 0, text)) as Pair[];
}

function pairOf(item: Iterable<unknown>): Pair {
  const [name, value, ...more] = [...item];
  if (value === undefined || more.length > 0) throw new TypeError('URLSearchParams: expected pairs of a name and a value');
  return [String(name), String(value)];
}

function isPair(pair: Pair, name: string, value: string | undefined): boolean {
  return pair[0] === String(name) && (value === undefined || pair[1] === String(value));
}
