import { BegunFinder, spellingsOf } from './credential-forms.ts';
import type { Credential } from './credentials.ts';
import { LIMITS } from './mailbox.ts';
import { SERVER_PART_LENGTH } from './records.ts';

/** What stands in the place of a secret. */
export const REDACTED = '[redacted]';

/**
 * Fields whose keys are names that a user or a script chose. All other keys are ours, and stay: a secret that happens to be `name` must
 * not leave a journal that nobody can read.
 */
const NAMED_BY_USERS: ReadonlySet<string> = new Set([
  'env',
  'expect',
  'headers',
  'metrics',
  'mix',
  'scriptConfig',
  'serverTimingHeaders',
  'tags',
  'thresholds',
  'variables',
]);

/** Credentials that were guessed are left alone below this: `demo` and `test` stand in every other text. */
const GUESSED_LENGTH_MIN = 6;
/** Shorter ones that were guessed are hidden only where they are a word of their own. */
const ANYWHERE_LENGTH_MIN = 8;
/** A beginning of fewer characters gives nothing away, and may be the beginning of anything. */
const BEGUN_LENGTH_MIN = 4;
/** What stands behind a text that was cut. */
const CUT_MARK = '…';
/** Where the sandbox cuts texts, without a mark. */
const CUT_LENGTHS: ReadonlySet<number> = new Set([LIMITS.tagLength, LIMITS.errorLength, LIMITS.logLength, SERVER_PART_LENGTH]);

/** Keeps credentials out of everything that is printed or written. Knows none until told. */
export class Redactor {
  #known: readonly Credential[] = [];
  #pattern: RegExp | undefined;
  #begun: BegunFinder | undefined;

  /**
   * From here on the values of these are hidden in all their spellings, also where a text was cut in them. Space around a value is no part of
   * it; what is empty then hides nothing.
   */
  learn(credentials: readonly Credential[]): void {
    this.#known = credentials;
    const byValue = new Map<string, boolean>();
    for (const { value, isGuessed = false } of credentials) {
      const text = value.trim();
      if (text.length >= (isGuessed ? GUESSED_LENGTH_MIN : 1)) byValue.set(text, isGuessed && (byValue.get(text) ?? true));
    }
    // The longest first: one may be the beginning of another. In one pass: one may also be a part of the replacement.
    const values = [...byValue].sort(([a], [b]) => b.length - a.length);
    const sources = values.flatMap(([value, isGuessed]) => patternsOf(value, isGuessed));
    this.#pattern = sources.length === 0 ? undefined : new RegExp(sources.join('|'), 'g');
    this.#begun = undefined;
  }

  /** One that knows further credentials as well: of a single request. */
  with(more: readonly Credential[]): Redactor {
    if (more.length === 0) return this;
    const other = new Redactor();
    other.learn([...this.#known, ...more]);
    return other;
  }

  text(text: string): string {
    if (this.#pattern === undefined) return text;
    const cleaned = text.replace(this.#pattern, REDACTED);
    const whole = CUT_LENGTHS.has(text.length) ? this.#withoutBegun(cleaned) : cleaned;
    return whole.includes(CUT_MARK) ? this.#withoutMarked(whole) : whole;
  }

  /** At most `lengthMax` characters of a text, cleaned before it is cut; of a credential that the cut would fall into nothing is left. */
  cut(text: string, lengthMax: number): string {
    if (text.length < lengthMax) return this.text(text);
    return this.#withoutBegun(this.text(text.slice(0, lengthMax))).slice(0, lengthMax);
  }

  /** A text that was cut: without the beginning of a credential at its end. */
  #withoutBegun(text: string): string {
    const length = this.#begunIn(text);
    if (length === 0) return text;
    return `${text.slice(0, text.length - length)}${length < BEGUN_LENGTH_MIN ? '' : REDACTED}`;
  }

  #withoutMarked(text: string): string {
    const parts = text.split(CUT_MARK);
    const last = parts.pop() as string;
    const cleaned = parts.map((part) => {
      const length = this.#begunIn(part);
      return length < BEGUN_LENGTH_MIN ? part : `${part.slice(0, part.length - length)}${REDACTED}`;
    });
    return [...cleaned, last].join(CUT_MARK);
  }

  #begunIn(text: string): number {
    if (this.#pattern === undefined) return 0;
    this.#begun ??= new BegunFinder(
      this.#known
        .map(({ value, isGuessed }) => ({ value: value.trim(), isGuessed }))
        .filter(({ value, isGuessed }) => value.length >= (isGuessed === true ? GUESSED_LENGTH_MIN : 1))
        .flatMap(({ value }) => spellingsOf(value)),
    );
    return this.#begun.lengthIn(text);
  }

  /** A JSON value with every text in it cleaned, names that users chose among them; the value itself when there is nothing to hide. */
  json<T>(value: T): T {
    return this.#pattern === undefined ? value : (JSON.parse(this.stringify(value)) as T);
  }

  /** The JSON of a value, cleaned as by `json`. */
  stringify(value: unknown, indent?: number): string {
    const replacer = this.#pattern === undefined ? undefined : (key: string, part: unknown) => this.#part(key, part);
    return JSON.stringify(value, replacer, indent);
  }

  #part(key: string, part: unknown): unknown {
    if (typeof part === 'string') return this.text(part);
    const isMap = typeof part === 'object' && part !== null && !Array.isArray(part);
    return isMap && NAMED_BY_USERS.has(key) ? withCleanKeys(part, (name) => this.text(name)) : part;
  }
}

/** A map with its keys cleaned; two that become the same stay two. */
function withCleanKeys(map: object, clean: (name: string) => string): object {
  const cleaned = new Map<string, unknown>();
  for (const [key, value] of Object.entries(map)) {
    let name = clean(key);
    while (cleaned.has(name)) name += '_';
    cleaned.set(name, value);
  }
  return Object.fromEntries(cleaned);
}

function patternsOf(value: string, isGuessed: boolean): string[] {
  const [plain, ...base64] = spellingsOf(value).map((chars) => chars.join('')) as [string, ...string[]];
  const isWord = isGuessed && value.length < ANYWHERE_LENGTH_MIN;
  return [isWord ? `(?<![A-Za-z0-9])${plain}(?![A-Za-z0-9])` : plain, ...base64];
}
