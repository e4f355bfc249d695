import type { OwnShare, Period, Tags } from '../core/records.ts';
import { STALLED_US_MIN, STREAM } from '../core/roles.ts';
import { type EventGaps, isCutOff, perTokenUsOf, type StreamEnd, type StreamFigures } from '../core/stream-plan.ts';
import type { MetricRegistry } from './registry.ts';
import type { CounterSeries, TrendSeries } from './series.ts';
import { StalledSamples } from './stalled-samples.ts';

export interface StreamPlace {
  readonly tags: Tags;
  /** The part of the run that a moment belongs to. */
  periodOf(atUs: number): Period;
  /** How long what came in by a moment can have lain there before its worker looked, µs. */
  unseenUs(atUs: number): number;
}

/** Series of one stream while a period lasts. */
interface LiveSeries {
  readonly period: Period;
  readonly events: CounterSeries;
  gap: TrendSeries | undefined;
  tokenGap: TrendSeries | undefined;
}

/** Records one stream: its events and gaps as they come, its numbers when it is over. Never throws. */
export class StreamMeter {
  readonly #registry: MetricRegistry;
  readonly #place: StreamPlace;
  #live: LiveSeries | undefined;
  /** How long the first event, the first with a token and the last can have lain there. */
  #firstOwnUs = 0;
  #firstTokenOwnUs = 0;
  #lastOwnUs = 0;
  #stallsSeen = 0;

  constructor(registry: MetricRegistry, place: StreamPlace) {
    this.#registry = registry;
    this.#place = place;
  }

  /** An event has come. @param gaps - µs since the event, and the event with text of a token, before; undefined: there is none */
  event(atUs: number, gaps: EventGaps): void {
    const { gapUs, isStall, isToken, tokenGapUs } = gaps;
    const live = this.#seriesAt(atUs);
    const { period } = live;
    const { tags } = this.#place;
    const ownUs = this.#place.unseenUs(atUs); // now: later nobody remembers
    this.#lastOwnUs = ownUs;
    live.events.add(1);
    if (gapUs === undefined) this.#firstOwnUs = ownUs;
    else {
      live.gap ??= this.#registry.trend(STREAM.gap, period, tags);
      live.gap.record(gapUs);
      this.#stall(STREAM.gap, { period, tags }, gapUs, ownUs);
    }
    if (isStall !== undefined) this.#stalls(period, isStall ? 1 : 0); // also none: then somebody looked
    if (tokenGapUs !== undefined) {
      live.tokenGap ??= this.#registry.trend(STREAM.tokenGap, period, tags);
      live.tokenGap.record(tokenGapUs);
      this.#stall(STREAM.tokenGap, { period, tags }, tokenGapUs, ownUs);
    } else if (isToken) this.#firstTokenOwnUs = ownUs;
  }

  /** It is over. */
  end(figures: StreamFigures, ended: StreamEnd): void {
    const { kind, isExpected, dueAtUs, endedAtUs } = ended;
    const own = ownBefore(ended.own);
    const period = this.#place.periodOf(endedAtUs);
    const tags = { ...this.#place.tags, expected_response: String(isExpected) };
    const { sentAtUs, firstAtUs, lastAtUs, events, tokens, isGood, isReplayed } = figures;
    const record = (metric: string, valueUs: number, ownUs: number): void => {
      const us = Math.max(0, Math.round(valueUs));
      this.#registry.trend(metric, period, tags).record(us);
      this.#stall(metric, { period, tags }, us, ownUs);
    };
    if (figures.stalls > this.#stallsSeen) this.#stalls(period, figures.stalls - this.#stallsSeen);
    if (isCutOff(kind)) this.#cutOff(figures, { period, tags: { ...tags, kind } }, ended);
    if (isGood !== undefined) this.#registry.rate(STREAM.good, period, tags).record(isGood);
    if (isReplayed !== undefined) this.#registry.rate(STREAM.replayed, period, tags).record(isReplayed);
    if (events === 0) return;
    record(STREAM.firstEvent, firstAtUs - sentAtUs, own.sinceSentUs(this.#firstOwnUs));
    record(STREAM.firstEventDue, firstAtUs - dueAtUs, own.sinceDueUs(this.#firstOwnUs));
    record(STREAM.duration, lastAtUs - sentAtUs, own.sinceSentUs(this.#lastOwnUs));
    const rate = (metric: string, count: number, us: number): void => {
      if (count > 0 && us > 0) this.#registry.trend(metric, period, tags).record((count * 1_000_000) / us);
    };
    rate(STREAM.eventRate, events - 1, lastAtUs - firstAtUs);
    if (tokens === undefined || tokens.pieces === 0) return;
    record(STREAM.firstToken, tokens.firstAtUs - sentAtUs, own.sinceSentUs(this.#firstTokenOwnUs));
    record(STREAM.firstTokenDue, tokens.firstAtUs - dueAtUs, own.sinceDueUs(this.#firstTokenOwnUs));
    this.#registry.counter(STREAM.tokens, period, tags).add(tokens.count);
    const perTokenUs = perTokenUsOf(tokens);
    if (perTokenUs !== undefined) record(STREAM.perToken, perTokenUs, 0);
    rate(STREAM.tokenRate, tokens.count - 1, tokens.lastAtUs - tokens.firstAtUs);
  }

  #stalls(period: Period, count: number): void {
    this.#stallsSeen += count;
    this.#registry.counter(STREAM.stalls, period, this.#place.tags).add(count);
  }

  /** What it still waited for: a time that nobody knows but for how long it is at least. */
  #cutOff(figures: StreamFigures, where: { period: Period; tags: Tags }, { dueAtUs, endedAtUs, own }: StreamEnd): void {
    const { events, lastAtUs, tokens, isOver } = figures;
    const unseenUs = this.#place.unseenUs(endedAtUs);
    const record = (before: string, sinceUs: number, ownUs: number): void => {
      const tags = { ...where.tags, before };
      const us = Math.max(0, endedAtUs - sinceUs);
      this.#registry.trend(STREAM.cutOff, where.period, tags).record(us);
      this.#stall(STREAM.cutOff, { period: where.period, tags }, us, ownUs);
    };
    const sinceDueUs = ownBefore(own).sinceDueUs(unseenUs);
    if (events === 0) record(STREAM.firstEventDue, dueAtUs, sinceDueUs);
    else record(STREAM.gap, lastAtUs, unseenUs);
    if (tokens === undefined || isOver) return;
    if (tokens.pieces === 0) record(STREAM.firstTokenDue, dueAtUs, sinceDueUs);
    else record(STREAM.tokenGap, tokens.lastAtUs, unseenUs);
  }

  #seriesAt(atUs: number): LiveSeries {
    const period = this.#place.periodOf(atUs);
    if (this.#live?.period !== period) {
      const events = this.#registry.counter(STREAM.events, period, this.#place.tags);
      this.#live = { period, events, gap: undefined, tokenGap: undefined };
    }
    return this.#live;
  }

  /** An event that lay there unseen is dated late by that at most. */
  #stall(metric: string, where: { period: Period; tags: Tags }, ...[valueUs, ownUs]: [valueUs: number, ownUs: number]): void {
    if (ownUs >= STALLED_US_MIN) new StalledSamples(this.#registry, { metric, ...where }).record(valueUs, Math.min(ownUs, valueUs));
  }
}

/** What a worker was away until an event, of which it is known how long it can have lain there: since its request was due, and since it was sent. */
function ownBefore(own: OwnShare | undefined): Record<'sinceDueUs' | 'sinceSentUs', (unseenUs: number) => number> {
  const { sendingUs = 0, waitingUs = 0, receivingUs = 0 } = own?.hops.at(-1) ?? {};
  const lateUs = (own?.totalUs ?? 0) - waitingUs - receivingUs;
  // the first byte may have been that event: then it is one stall, seen twice
  return {
    sinceDueUs: (unseenUs) => lateUs + Math.max(waitingUs, unseenUs),
    sinceSentUs: (unseenUs) => sendingUs + Math.max(waitingUs, unseenUs),
  };
}
