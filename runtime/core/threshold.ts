import { ConfigError } from './errors.ts';
import type { Aggregate, Comparison, ThresholdExpression, ThresholdWindow } from './plan.ts';
import type { MetricDefinition, MetricType, MetricUnit } from './records.ts';
import { splitWindow, windowProblem } from './threshold-window.ts';
import { exactDurationUsOf, usOfMs } from './units.ts';

/** What may be asked of a metric, by its type, as people write it. */
const AGGREGATES: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate', 'passes', 'fails'],
  trend: ['avg', 'min', 'med', 'max', 'p(N)'],
};

const BYTES_PER: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  KB: 1000,
  KiB: 1024,
  MB: 1_000_000,
  MiB: 1_048_576,
  GB: 1_000_000_000,
  GiB: 1_073_741_824,
};

/** aggregate, comparison, limit. `===` is k6's other way to write `==`. */
const EXPRESSION = /^\s*([a-z]+(?:\([^()]*\))?)\s*(<=|>=|===|==|!=|<|>)\s*([^\s<>=!].*?)\s*$/;
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Reads `p(95)<2s`, `avg<100`, `rate<1%`, `count>=100`: k6's grammar, with units. A bare number is milliseconds for times (as in k6), bytes
 * for data; the limit comes back in the metric's recording unit (µs, bytes, a ratio of 0 to 1, plain numbers), that of a counter's `rate` per second.
 * Behind it may stand a window, which k6 does not have: `p(95)<2s for 10s`, `p(95)<2s in 99% of seconds`.
 * @param where - key path for messages, such as `thresholds.checks`
 * @throws {ConfigError} naming `where`, what came and what is allowed
 */
export function parseThresholdExpression(where: string, text: string, definition: MetricDefinition): ThresholdExpression {
  const { expression, window } = splitWindow(text);
  const parts = EXPRESSION.exec(expression);
  if (parts === null) {
    throw refusal(where, text, `expected an aggregate, a comparison and a limit, such as ${exampleOf(definition)}`);
  }
  const [, aggregateText, comparison, limitText] = parts as unknown as [string, string, string, string];
  const aggregate = aggregateOf(aggregateText, definition.type);
  if (typeof aggregate === 'string') throw refusal(where, text, aggregate);
  const limit = limitOf(limitText, aggregate, definition);
  if (typeof limit === 'string') throw refusal(where, text, limit);
  if (typeof window === 'string') throw refusal(where, text, window);
  const problem = window === undefined ? undefined : windowProblem(definition.type);
  if (problem !== undefined) throw refusal(where, text, problem);
  return {
    aggregate,
    comparison: (comparison === '===' ? '==' : comparison) as Comparison,
    limit,
    limitText,
    ...(window === undefined ? {} : { window }),
  };
}

/** What an expression says without its metric: `p(95)<2s for 10s`, and `med` as `p(50)`. Undefined: it is none. */
export function partsOfExpression(text: string): { statistic: string; comparison: Comparison; window?: ThresholdWindow } | undefined {
  const { expression, window } = splitWindow(text);
  const [, aggregate, comparison] = EXPRESSION.exec(expression) ?? [];
  if (aggregate === undefined) return undefined;
  const rank = aggregate === 'med' ? '50' : /^p\((.*)\)$/.exec(aggregate)?.[1];
  return {
    statistic: rank === undefined ? aggregate : `p(${Number(rank)})`,
    comparison: (comparison === '===' ? '==' : comparison) as Comparison,
    ...(typeof window === 'object' ? { window } : {}),
  };
}

/**
 * Reads `metric` or `metric{tag:value,tag2:value}`. Spaces and quotes around a tag and its value are dropped; the first colon divides them, so
 * a value may be a URL; in quotes it may have commas (`name:"a, b"`); an empty value asks for a tag that is there and empty.
 * @throws {ConfigError} naming `where`, what came and what is allowed
 */
export function parseThresholdKey(where: string, key: string): { metric: string; tags: Record<string, string> } {
  const shape = 'expected a metric, or metric{tag:value,tag2:value}';
  const parts = /^\s*([A-Za-z_][A-Za-z0-9_]{1,127})\s*(?:\{(.*)\}\s*)?$/s.exec(key);
  if (parts === null) throw refusal(where, key, shape);
  const [, metric, tagText] = parts as unknown as [string, string, string | undefined];
  if (tagText === undefined) return { metric, tags: {} };

  const tags = new Map<string, string>();
  for (const pair of pairsOf(tagText)) {
    const colon = pair.indexOf(':');
    const tag = unquoted(pair.slice(0, Math.max(colon, 0)));
    if (colon < 0 || tag === '')
      throw refusal(where, key, `${shape}, with quotes around a value that has a comma; got the tag ${JSON.stringify(pair)}`);
    if (tags.has(tag)) throw refusal(where, key, `the tag ${JSON.stringify(tag)} is given twice`);
    tags.set(tag, unquoted(pair.slice(colon + 1)));
  }
  return { metric, tags: Object.fromEntries(tags) };
}

/** A tag with its value: one in quotes to its closing quote, any other to the comma. */
const PAIR = /([^,:]*:\s*(?:"[^"]*"|'[^']*')\s*(?=,|$)|[^,]*)(,|$)/y;

/** Divides at the commas that stand in no quoted value. */
function pairsOf(tagText: string): string[] {
  const pairs: string[] = [];
  for (let at = 0, end: string | undefined = ','; end === ','; at = PAIR.lastIndex) {
    PAIR.lastIndex = at;
    const [, pair = '', separator] = PAIR.exec(tagText) ?? [];
    pairs.push(pair);
    end = separator;
  }
  return pairs;
}

/** @returns what is wrong, as text, when it is no aggregate of this type of metric */
function aggregateOf(text: string, type: MetricType): Aggregate | string {
  const allowed = AGGREGATES[type];
  const percentile = /^p\((.*)\)$/.exec(text);
  if (percentile === null ? !allowed.includes(text) : !allowed.includes('p(N)')) {
    return `expected ${listOf(allowed)} of a ${type}; got ${JSON.stringify(text)}`;
  }
  if (percentile === null) return text === 'med' ? { kind: 'percentile', ratio: 0.5 } : ({ kind: text } as Aggregate);
  const rank = (percentile[1] as string).trim();
  if (!NUMBER.test(rank) || Number(rank) < 0 || Number(rank) > 100) return 'a percentile is between 0 and 100';
  return { kind: 'percentile', ratio: hundredth(Number(rank)) };
}

/** @returns what is wrong, as text, when it is no limit for this aggregate */
function limitOf(text: string, aggregate: Aggregate, { type, unit }: MetricDefinition): number | string {
  if (type === 'rate' && aggregate.kind === 'rate') return ratioOf(text);
  const limit = amountOf(text, type === 'rate' ? 'default' : unit);
  if (limit !== undefined) return limit;
  if (type === 'rate' || unit === 'default') return `expected a plain number as the limit, without a unit; got ${JSON.stringify(text)}`;
  if (unit === 'time')
    return `expected a time such as "200ms", "2s", "1m" or "500us", or a number of milliseconds; got ${JSON.stringify(text)}`;
  return `expected an amount of data such as "500kB", "2MB" or "1MiB", or a number of bytes; got ${JSON.stringify(text)}`;
}

function ratioOf(text: string): number | string {
  const isPercent = text.endsWith('%');
  const digits = isPercent ? text.slice(0, -1).trimEnd() : text;
  const ratio = isPercent ? hundredth(Number(digits)) : Number(digits);
  if (NUMBER.test(digits) && ratio >= 0 && ratio <= 1) return ratio;
  return `expected a share from 0% to 100%, or from 0 to 1; got ${JSON.stringify(text)}`;
}

/** 99.9 / 100 is 0.9990000000000001 in binary; that last bit would move a rank. */
function hundredth(percent: number): number {
  return Number((percent / 100).toPrecision(15));
}

/** @returns undefined when the text is no amount in this unit, or is out of all range */
function amountOf(text: string, unit: MetricUnit): number | undefined {
  let amount: number | undefined;
  if (NUMBER.test(text)) amount = unit === 'time' ? usOfMs(Number(text)) : Number(text);
  else if (unit === 'time') amount = exactDurationUsOf(text.startsWith('.') ? `0${text}` : text);
  else if (unit === 'data') {
    const parts = /^(.+?)\s*([A-Za-z]+)$/.exec(text);
    const factor = Object.hasOwn(BYTES_PER, parts?.[2] ?? '') ? BYTES_PER[parts?.[2] ?? ''] : undefined;
    if (factor !== undefined && NUMBER.test(parts?.[1] ?? '')) amount = Number(parts?.[1]) * factor;
  }
  return amount !== undefined && Number.isFinite(amount) ? amount : undefined;
}

function exampleOf({ type, unit }: MetricDefinition): string {
  if (type === 'rate') return '"rate<1%"';
  if (type === 'gauge') return '"value<100"';
  if (type === 'counter') return unit === 'data' ? '"count<10MB"' : '"count>=100"';
  return unit === 'time' ? '"p(95)<2s"' : unit === 'data' ? '"p(95)<2MB"' : '"p(95)<100"';
}

function listOf(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
}

function unquoted(text: string): string {
  return text
    .trim()
    .replace(/^["']+|["']+$/g, '')
    .trim();
}

function refusal(where: string, text: string, problem: string): ConfigError {
  return new ConfigError(where, `${JSON.stringify(text)}: ${problem}`);
}
