import { createReadStream } from 'node:fs';
import { z } from 'zod';
import { ConfigError } from '../core/errors.ts';
import { issueText } from '../core/issue-text.ts';
import type { SecondEvent } from '../core/records.ts';
import { isStage, STAGES } from '../core/stage.ts';
import { errorTallySchema } from './delta-schema.ts';

const count = z.number().int().nonnegative();
/** What a worker told since the line before, its numbers beside it: the names of series that it introduced. Or it was lost. */
const told = z.object({ worker: count, isLost: z.literal(true).exactOptional(), series: z.array(z.unknown()).exactOptional() });
const eventOf2 = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stage'), text: z.enum(STAGES) }),
  z.object({ kind: z.enum(['change', 'note']), text: z.string() }),
]);
const journalLine = z
  .object({
    v: z.literal([1, 2, 3]),
    second: z.number().int(),
    atMs: z.number(),
    users: count,
    /** So long the load had been measured, in seconds; absent in older journals. */
    measuredS: z.number().nonnegative().exactOptional(),
    told: z.array(told).default([]),
    numbers: z.array(z.string()).default([]),
    /** Of versions 1 and 2: what all workers told, added up for one. */
    deltas: z.array(z.unknown()).exactOptional(),
    errors: z.array(errorTallySchema).exactOptional(),
    starts: z.record(z.string(), z.number()).exactOptional(),
    generator: z.record(z.string(), z.unknown()).exactOptional(),
    events: z.array(eventOf2).exactOptional(),
    /** Of version 1. */
    event: z.string().exactOptional(),
    adjust: z.array(z.object({ phase: z.string(), atS: z.number().nonnegative(), change: z.string() })).exactOptional(),
  })
  .transform(({ v: _, event, events = eventsOf1(event), ...line }) => ({
    v: 3 as const,
    ...line,
    ...(events.length === 0 ? {} : { events }),
  }));

/** Version 1 joined the events of a second with `; `, and told stages from notes by their words. */
function eventsOf1(event: string | undefined): SecondEvent[] {
  const eventOf = (text: string): SecondEvent =>
    isStage(text) ? { kind: 'stage', text } : { kind: text.startsWith('adjusted: ') ? 'change' : 'note', text };
  return event?.split('; ').map(eventOf) ?? [];
}

/**
 * One second of a run, as `journal.ndjson` keeps it. `second` counts from the run's begin, `atMs` is Unix ms; `told` is what workers told in it, in order, and
 * `numbers`, one of each entry, the bytes of their deltas as they came (`../messages/delta-codec.ts`), in base64 and opaque here; `events` are what happened in it, in
 * order; `adjust` are changes of the load made in it, which take effect `atS` seconds into the measured period.
 */
export type JournalLine = z.infer<typeof journalLine>;
/** An entry of a line. */
export type Told = JournalLine['told'][number];

/** Longest line that is read; a longer one is damage, not a second of a run. */
const LINE_LENGTH_MAX = 64 * 1024 * 1024;

/**
 * The lines of a journal, one at a time: a long run's does not fit in memory.
 * @param onTorn told once when the last line was cut off by a kill or a crash; everything before it is good
 * @throws {ConfigError} naming file and line, when the file cannot be read or is damaged anywhere else
 */
export async function* readJournal(path: string, onTorn: (remark: string) => void = () => undefined): AsyncGenerator<JournalLine> {
  let rest = '';
  let lineNumber = 0;
  for await (const chunk of textOf(path)) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield parseLine(line, `${path}:${++lineNumber}`);
    if (rest.length > LINE_LENGTH_MAX)
      throw new ConfigError(`${path}:${lineNumber + 1}`, `expected a line of at most ${LINE_LENGTH_MAX} characters`);
  }
  if (rest === '') return;
  const where = `${path}:${lineNumber + 1}`;
  const last = tornOr(rest, where);
  if (last === undefined) onTorn(`${where}: the last line is cut off and was left out`);
  else yield last;
}

async function* textOf(path: string): AsyncGenerator<string> {
  try {
    for await (const chunk of createReadStream(path, 'utf8')) yield chunk as string;
  } catch (error) {
    throw new ConfigError(path, `expected a journal that can be read; got ${(error as NodeJS.ErrnoException).code ?? String(error)}`, {
      cause: error,
    });
  }
}

/** A last line without its line break: whole, or undefined when it was cut off. */
function tornOr(text: string, where: string): JournalLine | undefined {
  try {
    JSON.parse(text);
  } catch {
    return undefined;
  }
  return parseLine(text, where);
}

function parseLine(text: string, where: string): JournalLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConfigError(where, `expected a line of JSON; got ${JSON.stringify(text.slice(0, 60))}`, { cause: error });
  }
  const parsed = journalLine.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ConfigError(where, `expected a journal line of version 1 to 3; ${issueText(parsed.error, 'the line')}`);
}
