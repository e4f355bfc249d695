import { SERVER_PART_LENGTH, type ServerTiming } from '../core/records.ts';
import { type ResponseHeaders, textsUnder } from './response-headers.ts';

/** Of what a server may say in an answer. */
const PARTS_MAX = 16;

const TOKEN = /[\w!#$%&'*+\-.^`|~]+/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const SPACE = /[ \t]*/y;
const UNTIL_SEPARATOR = /[^,;]*/y;
const NUMBER = /^(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,2})?$/i;
const MEASURE = /^([\d.]+(?:e[+-]?\d{1,2})?)\s*(us|µs|ms|s)?$/i;

/** Reads what an answer says of the server's own work: `Server-Timing`, and the headers that the environment names. */
export class ServerTimingReader {
  readonly #named: readonly (readonly [part: string, header: string])[];

  /** @param headers - part → header's name in lower case; such a part goes before one of the same name in `Server-Timing` */
  constructor(headers: Readonly<Record<string, string>> = {}) {
    this.#named = Object.entries(headers).map(([part, header]) => [part.slice(0, SERVER_PART_LENGTH), header.toLowerCase()]);
  }

  /** @returns undefined when the answer says nothing; costs a look at the headers' lengths then */
  read(headers: ResponseHeaders): readonly ServerTiming[] | undefined {
    let us: Map<string, number> | undefined;
    if (headers.first('server-timing') !== undefined) {
      us = new Map();
      for (const text of textsUnder(headers, 'server-timing')) parseServerTiming(text, us);
    }
    for (const [part, header] of this.#named) {
      const value = headers.first(header);
      const partUs = value === undefined ? undefined : measureUs(value.toString());
      if (partUs === undefined) continue;
      us ??= new Map();
      if (us.has(part) || us.size < PARTS_MAX) us.set(part, partUs);
    }
    return us === undefined || us.size === 0 ? undefined : [...us].map(([part, partUs]) => ({ part, us: partUs }));
  }
}

/**
 * Adds the parts of a `Server-Timing` header that have a duration, in µs; what is no such header is passed over. A part given twice is the sum.
 * @see https://www.w3.org/TR/server-timing/#the-server-timing-header-field
 */
export function parseServerTiming(text: string, into: Map<string, number>): void {
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  while (at < text.length) {
    take(SPACE);
    const name = take(TOKEN)?.[0] ?? '';
    let duration: string | undefined;
    take(UNTIL_SEPARATOR);
    while (text[at] === ';') {
      at++;
      take(SPACE);
      const parameter = take(TOKEN)?.[0].toLowerCase();
      take(SPACE);
      if (text[at] === '=') {
        at++;
        take(SPACE);
        const value = take(QUOTED)?.[1] ?? take(TOKEN)?.[0] ?? '';
        if (parameter === 'dur') duration ??= value;
      }
      take(UNTIL_SEPARATOR);
    }
    at++;
    if (name !== '' && duration !== undefined && NUMBER.test(duration))
      add(into, name.slice(0, SERVER_PART_LENGTH), Number(duration) * 1000);
  }
}

function add(into: Map<string, number>, part: string, us: number): void {
  const before = into.get(part);
  if (before !== undefined) into.set(part, before + Math.round(us));
  else if (into.size < PARTS_MAX) into.set(part, Math.round(us));
}

const UNIT_US: Readonly<Record<string, number>> = { us: 1, µs: 1, ms: 1000, s: 1_000_000 };

/** `12.5`, `12.5ms`, `0.3s`, `800us`; undefined for anything else. */
function measureUs(text: string): number | undefined {
  const [, number = '', unit = 'ms'] = MEASURE.exec(text.trim()) ?? [];
  return NUMBER.test(number) ? Math.round(Number(number) * (UNIT_US[unit.toLowerCase()] as number)) : undefined;
}
