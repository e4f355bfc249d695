import type { Latency } from './latency.ts';

/** Streams of one request while the load counted. Times in ms; null: there was none. */
export interface StreamRow {
  task: string;
  method: string;
  name: string;
  /** That had an event. */
  streams: number;
  /** Of these, those that failed later or were cut off, at the end of the run or by a time limit. */
  brokenOff: number;
  /** That were cut off before their first event. */
  withoutEvent: number;
  /** From due, of streams that came to their end or were hung up by the script; where none did, of all. */
  firstEventMs: Latency | null;
  /** To the first piece with text, likewise. */
  firstTokenMs: Latency | null;
  /** Every gap between two events, and between two pieces with text. */
  gapMs: Latency | null;
  tokenGapMs: Latency | null;
  events: number;
  /** Null: its format knows no tokens. */
  tokens: number | null;
  /** Null: no request said how long a stall is. */
  stalls: number | null;
  /** Of one stream, after its first event or token, on average. */
  eventsPerSecond: number | null;
  tokensPerSecond: number | null;
  /** Of the streams with goals, those that met all of them, 0 to 1. */
  goodRatio: number | null;
  /** Of those that can be told, those that seem to have been whole before their first event was sent, 0 to 1. */
  replayedRatio: number | null;
}

/** Gaps of one kind. */
export interface GapRow extends Pick<StreamRow, 'task' | 'method' | 'name' | 'stalls'> {
  between: 'events' | 'tokens';
  gapMs: Latency;
}

/** Stalls are told with the gaps between events, of which they are. */
export function gapRows({ task, method, name, gapMs, tokenGapMs, stalls }: StreamRow): GapRow[] {
  const who = { task, method, name };
  return [
    ...(gapMs === null ? [] : [{ ...who, between: 'events' as const, gapMs, stalls }]),
    ...(tokenGapMs === null ? [] : [{ ...who, between: 'tokens' as const, gapMs: tokenGapMs, stalls: null }]),
  ];
}
