import type { EventParser, OnEvent, ParsedEvent } from '../../../runtime/stream/event-parser.ts';

type Made = (onEvent: OnEvent) => EventParser;

/** What a parser makes of a body: its events, or the fault that ends it. @param cuts - where reads end; each read is a moment later than the one before */
export function eventsOf(make: Made, body: Buffer, cuts: readonly number[] = []): { events: ParsedEvent[]; fault: string } {
  const events: ParsedEvent[] = [];
  const parser = make((event) => events.push(event));
  // as a connection does: every read is in the same buffer, and what comes later overwrites it
  const shared = Buffer.alloc(body.length + 8, 0x0a);
  try {
    [...cuts, body.length].forEach((to, i, ends) => {
      const from = i === 0 ? 0 : (ends[i - 1] as number);
      shared.fill(0x0a);
      body.copy(shared, 4, from, to);
      parser.push(shared, 4, 4 + to - from, 1_000 * (i + 1));
    });
    parser.end();
    return { events, fault: '' };
  } catch (error) {
    return { events, fault: (error as Error).message };
  }
}

/** The events without their moments. */
export function contentsOf({ events, fault }: { events: ParsedEvent[]; fault: string }) {
  return { events: events.map(({ atUs: _, ...event }) => event), fault };
}

/** Every way to bring a body in two reads, then in three, and byte by byte. */
export function waysToCut(length: number): number[][] {
  const ways: number[][] = [[], Array.from({ length: Math.max(0, length - 1) }, (_, i) => i + 1)];
  for (let a = 1; a < length; a++) ways.push([a]);
  for (let a = 1; a < length; a++) for (let b = a + 1; b < length; b += 1 + Math.floor(length / 60)) ways.push([a, b]);
  return ways;
}
