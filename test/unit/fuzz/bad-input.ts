import fc from 'fast-check';
import { ConfigError } from '../../../runtime/core/errors.ts';
import { printTable } from '../../support/print-table.ts';

/** Inputs per reader; 10,000 for the whole proof. */
export const FUZZ_RUNS = Number(process.env['STRESSRUN_FUZZ'] ?? 1_000);
/** A message longer than that says too much. */
const MESSAGE_LENGTH_MAX = 4_000;
const WORST_SHOWN = 3;

/** What no reader expects where a value belongs. */
export const oddValue = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(
    null,
    '',
    ' ',
    '\u0000',
    '__proto__',
    'constructor',
    'toString',
    -1,
    0,
    1e308,
    -0,
    1e21,
    2 ** 53,
    0.1,
    [],
    {},
    [[]],
    true,
  ),
  fc.constantFrom(
    '1h',
    '-5s',
    '1e9s',
    '99999999999999s',
    '1m1m',
    '5',
    '50/s',
    '$' + '{HOME}',
    '$' + '{',
    '%00',
    '😀'.repeat(20),
    'x'.repeat(5_000),
    '[31m',
  ),
);

/** A value with some of its parts replaced, taken out or added. */
export function mutated(base: unknown): fc.Arbitrary<unknown> {
  const edit = fc.record({
    at: fc.nat(),
    how: fc.constantFrom('replace', 'remove', 'add', 'rename', 'wrap'),
    key: oddKey,
    value: oddValue,
  });
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
    const root = { value: JSON.parse(JSON.stringify(base)) as unknown };
    for (const { at, how, key, value } of edits) {
      const places = placesIn(root);
      const [holder, name] = places[at % places.length] as Place;
      if (how === 'replace') put(holder, name, value);
      else if (how === 'wrap') put(holder, name, [holder[name]]);
      else if (how === 'add') put(holder, key, value);
      else {
        if (how === 'rename') put(holder, key, holder[name]);
        if (holder !== (root as unknown)) Reflect.deleteProperty(holder, name);
      }
    }
    return root.value;
  });
}

const oddKey = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('__proto__', 'constructor', 'toString', '', '0', 'a.b', '\n'));
type Place = [holder: Record<string, unknown>, name: string];

/** As a parser would: `__proto__` is a key like any other. The length of a list is none. */
function put(holder: Record<string, unknown>, name: string, value: unknown): void {
  if (Array.isArray(holder) && name === 'length') return;
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
}

function placesIn(holder: object): Place[] {
  return Object.entries(holder).flatMap(([name, value]): Place[] => [
    [holder as Record<string, unknown>, name],
    ...(typeof value === 'object' && value !== null ? placesIn(value as object) : []),
  ]);
}

/** A text with some of it cut out, doubled or replaced. */
export function mutatedText(base: string): fc.Arbitrary<string> {
  const edit = fc.record({
    at: fc.nat(base.length),
    length: fc.nat(20),
    text: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 10 }),
      fc.constantFrom('\n', '  ', ': ', '- ', '{', '[', '&a ', '*a', '!!js ', '"', "'", '|', '#', '\t'),
    ),
  });
  return fc.array(edit, { minLength: 1, maxLength: 5 }).map((edits) => {
    let text = base;
    for (const { at, length, text: put } of edits) text = text.slice(0, at) + put + text.slice(at + length);
    return text;
  });
}

/** Collects what readers say about bad input, and holds them to it: a ConfigError with a place, in words, without a stack. */
export class BadInput {
  readonly #reader: string;
  readonly #quotesPlace: boolean;
  readonly #messages = new Map<string, string>();
  #refused = 0;
  #read = 0;

  /** @param quotesPlace - what is wrong may be quoted instead of being named as the place: a word of a command line is both */
  constructor(reader: string, quotesPlace = false) {
    this.#reader = reader;
    this.#quotesPlace = quotesPlace;
  }

  /** @throws when the reader failed in any other way than it should */
  readonly check = (read: () => unknown): void => {
    try {
      read();
      this.#read++;
    } catch (error) {
      this.judge(error);
    }
  };

  readonly checkAsync = async (read: () => Promise<unknown>): Promise<void> => {
    try {
      await read();
      this.#read++;
    } catch (error) {
      this.judge(error);
    }
  };

  judge(error: unknown): void {
    if (!(error instanceof ConfigError)) throw error;
    this.#refused++;
    const { message, where, hint = '' } = error;
    if (where === '' && !(this.#quotesPlace && message.includes('got "'))) throw new Error(`without a place: ${message}`);
    if (/\n {4}at /.test(message + hint)) throw new Error(`with a stack: ${message}`);
    if (message.length > MESSAGE_LENGTH_MAX) throw new Error(`${message.length} characters: ${message.slice(0, 300)}`);
    // what was given stands in quotes; the name of a temporary folder ends in six drawn letters, such as NaN
    const own = message.replaceAll(/"(\\.|[^"\\])*"/g, '').replaceAll(/stressrun-(?:config|fuzz)-\w{6}/g, '');
    if (/undefined|\[object|NaN/.test(own)) throw new Error(`it names what only a program knows: ${message}`);
    this.#messages.set(message.replaceAll(/\d+|"(\\.|[^"\\])*"/g, '#').slice(0, 60), message);
  }

  /** Prints how often it was refused, and the three messages that are hardest to read: the longest of their kind. */
  print(): void {
    const worst = [...this.#messages.values()].sort((a, b) => b.length - a.length).slice(0, WORST_SHOWN);
    printTable(
      `${this.#reader}: ${this.#refused} of ${this.#refused + this.#read} inputs refused; the three worst messages`,
      worst.map((message) => [JSON.stringify(message.slice(0, 240))]),
    );
  }
}
