import type { HttpHop, HttpSample, OwnShare, ServerTiming, Tags } from '../core/records.ts';
import { HTTP, STALLED_US_MIN } from '../core/roles.ts';
import type { MetricRegistry } from './registry.ts';
import type { CounterSeries, RateSeries, TrendSeries } from './series.ts';

import { StalledSamples } from './stalled-samples.ts';

/** Bounds of the cache; past them a request costs a few lookups more, and is recorded all the same. */
const NAMES_MAX = 1000;
const BUNDLES_PER_NAME_MAX = 64;
/** Parts of servers that are told apart; the rest is one. */
const PARTS_MAX = 32;
const OTHER_PART = 'other';

interface HopSeries {
  readonly requests: CounterSeries;
  readonly duration: TrendSeries;
  readonly blocked: TrendSeries;
  readonly connecting: TrendSeries;
  readonly tls: TrendSeries;
  readonly sending: TrendSeries;
  readonly waiting: TrendSeries;
  readonly receiving: TrendSeries;
}

interface AnswerSeries {
  readonly failed: RateSeries;
  readonly body: CounterSeries;
  readonly responseTime: TrendSeries;
}

interface DataSeries {
  readonly sent: CounterSeries;
  readonly received: CounterSeries;
}

/** What tells requests apart, without their answers: a cache must not keep bodies alive. */
type RequestKind = Pick<HttpSample, 'scenario' | 'task' | 'phase' | 'group' | 'name' | 'method' | 'tags' | 'period'>;

/** All series of one combination of tags, each opened when it is first needed. */
interface Bundle {
  readonly request: RequestKind;
  readonly status: number;
  readonly errorCode: number;
  readonly isExpected: boolean;
  readonly seriesTags: Tags;
  hop: HopSeries | undefined;
  answer: AnswerSeries | undefined;
  data: DataSeries | undefined;
  cutOff: TrendSeries | undefined;
  /** By part. */
  server: Map<string, TrendSeries> | undefined;
  /** By metric: see {@link StalledSamples}. */
  stalled: Map<string, StalledSamples> | undefined;
}

/**
 * Turns finished requests into k6's http metrics: counts and phases per hop; failure, response time and bytes per logical request.
 * An interrupted request has no answer to judge: only its bytes, the hops it had done and how long it had waited are kept.
 */
export class HttpRecorder {
  readonly #registry: MetricRegistry;
  /** Most recently used first. */
  readonly #bundles = new Map<string, Bundle[]>();
  readonly #parts = new Set<string>();

  constructor(registry: MetricRegistry) {
    this.#registry = registry;
  }

  /** Never throws. */
  record(sample: HttpSample): void {
    const { outcome } = sample;
    const { hops } = outcome;
    const isInterrupted = outcome.kind === 'interrupted';
    const isExpected = sample.expected && outcome.kind === 'response';
    const bundle = this.#bundleOf(sample, outcome.status, outcome.errorCode, isExpected);

    let bytesSent = 0;
    let bytesReceived = 0;
    const last = hops.length - 1;
    for (let i = 0; i <= last; i++) {
      const hop = hops[i] as HttpHop;
      bytesSent += hop.bytesSent;
      bytesReceived += hop.bytesReceived;
      if (hop.isSentTwice === true) this.#registry.counter(HTTP.repeats, sample.period, bundle.seriesTags).add(1);
      // A hop that was followed is a redirect that the script wanted; the last one is as the whole.
      if (i < last) this.#recordHop(this.#bundleOf(sample, hop.status, hop.errorCode, true), hop);
      else if (!isInterrupted) this.#recordHop(bundle, hop);
    }

    bundle.data ??= this.#openData(bundle);
    bundle.data.sent.add(bytesSent);
    bundle.data.received.add(bytesReceived);
    const waitedUs = outcome.endedAtUs - sample.dueAtUs;
    if (!isInterrupted) {
      bundle.answer ??= this.#openAnswer(bundle);
      bundle.answer.failed.record(!isExpected);
      bundle.answer.responseTime.record(waitedUs);
      bundle.answer.body.add(outcome.bodyBytes ?? outcome.body?.length ?? 0);
    }
    if (isInterrupted || outcome.kind === 'timeout') {
      // The outcome's kind is not one of the bundle's tags, but the error code tells the two apart.
      bundle.cutOff = bundle.cutOff?.identity.tags['kind'] === outcome.kind ? bundle.cutOff : this.#openCutOff(bundle, outcome.kind);
      bundle.cutOff.record(waitedUs);
    }
    if (outcome.serverTimings !== undefined) this.#recordServer(bundle, outcome.serverTimings);
    if (sample.own !== undefined) this.#recordOwn(sample, sample.own, { bundle, waitedUs });
  }

  /** What of the times above may be the generator's: beside them, for the few samples that have any. */
  #recordOwn(sample: HttpSample, own: OwnShare, { bundle, waitedUs }: { bundle: Bundle; waitedUs: number }): void {
    const { hops, kind } = sample.outcome;
    const isInterrupted = kind === 'interrupted';
    if (!isInterrupted) this.#stall(bundle, HTTP.responseTime, waitedUs, own.totalUs);
    if (isInterrupted || kind === 'timeout') this.#stall(bundle, HTTP.cutOff, waitedUs, own.totalUs, { kind });
    for (const { part, us } of own.isInBurst ? (sample.outcome.serverTimings ?? []) : [])
      this.#stall(bundle, HTTP.serverTime, us, us, { part: this.#partOf(part) });
    hops.forEach((hop, i) => {
      const of = own.hops[i];
      const isLast = i === hops.length - 1;
      if (of === undefined || (isLast && isInterrupted)) return;
      const ofHop = isLast ? bundle : this.#bundleOf(sample, hop.status, hop.errorCode, true);
      this.#stall(ofHop, HTTP.duration, hop.sendingUs + hop.waitingUs + hop.receivingUs, of.sendingUs + of.waitingUs + of.receivingUs);
      this.#stall(ofHop, HTTP.blocked, hop.blockedUs, of.blockedUs);
      this.#stall(ofHop, HTTP.connecting, hop.connectingUs, of.blockedUs);
      this.#stall(ofHop, HTTP.tls, hop.tlsUs, of.blockedUs);
      this.#stall(ofHop, HTTP.sending, hop.sendingUs, of.sendingUs);
      this.#stall(ofHop, HTTP.waiting, hop.waitingUs, of.waitingUs);
      this.#stall(ofHop, HTTP.receiving, hop.receivingUs, of.receivingUs);
    });
  }

  #stall(bundle: Bundle, metric: string, valueUs: number, ...[ownUs, tags]: [ownUs: number, tags?: Tags]): void {
    if (ownUs < STALLED_US_MIN || valueUs === 0) return;
    bundle.stalled ??= new Map();
    const key = tags?.['part'] === undefined ? metric : `${metric} ${tags['part']}`;
    let samples = bundle.stalled.get(key);
    if (samples === undefined) {
      samples = new StalledSamples(this.#registry, { metric, period: bundle.request.period, tags: { ...bundle.seriesTags, ...tags } });
      bundle.stalled.set(key, samples);
    }
    samples.record(valueUs, ownUs);
  }

  #recordServer(bundle: Bundle, timings: readonly ServerTiming[]): void {
    bundle.server ??= new Map();
    for (const { part, us } of timings) {
      const series = bundle.server.get(part) ?? this.#openServer(bundle, bundle.server, part);
      series.record(us);
    }
  }

  /** One series per known part; those past the bound share one and are not remembered by name, so that a server cannot fill the memory. */
  #openServer({ request: { period }, seriesTags }: Bundle, known: Map<string, TrendSeries>, part: string): TrendSeries {
    const name = this.#partOf(part);
    let series = known.get(name);
    if (series === undefined) {
      series = this.#registry.trend(HTTP.serverTime, period, { ...seriesTags, part: name });
      known.set(name, series);
    }
    return series;
  }

  /** By which name it is told apart. */
  #partOf(part: string): string {
    if (this.#parts.size < PARTS_MAX) this.#parts.add(part);
    return this.#parts.has(part) ? part : OTHER_PART;
  }

  #recordHop(bundle: Bundle, hop: HttpHop): void {
    bundle.hop ??= this.#openHop(bundle);
    const series = bundle.hop;
    series.requests.add(1);
    series.duration.record(hop.sendingUs + hop.waitingUs + hop.receivingUs);
    series.blocked.record(hop.blockedUs);
    series.connecting.record(hop.connectingUs);
    series.tls.record(hop.tlsUs);
    series.sending.record(hop.sendingUs);
    series.waiting.record(hop.waitingUs);
    series.receiving.record(hop.receivingUs);
  }

  #bundleOf(sample: HttpSample, status: number, errorCode: number, isExpected: boolean): Bundle {
    let bundles = this.#bundles.get(sample.name);
    if (bundles === undefined) {
      bundles = [];
      if (this.#bundles.size < NAMES_MAX) this.#bundles.set(sample.name, bundles);
    }
    for (let i = 0; i < bundles.length; i++) {
      const bundle = bundles[i] as Bundle;
      if (
        bundle.status !== status ||
        bundle.errorCode !== errorCode ||
        bundle.isExpected !== isExpected ||
        !isSameKind(bundle.request, sample)
      )
        continue;
      if (i > 0) {
        bundles[i] = bundles[i - 1] as Bundle;
        bundles[i - 1] = bundle;
      }
      return bundle;
    }
    const bundle = openBundle(sample, status, errorCode, isExpected);
    if (bundles.length < BUNDLES_PER_NAME_MAX) bundles.push(bundle);
    return bundle;
  }

  #openHop({ request: { period }, seriesTags }: Bundle): HopSeries {
    const trend = (name: string): TrendSeries => this.#registry.trend(name, period, seriesTags);
    return {
      requests: this.#registry.counter('http_reqs', period, seriesTags),
      duration: trend(HTTP.duration),
      blocked: trend(HTTP.blocked),
      connecting: trend(HTTP.connecting),
      tls: trend(HTTP.tls),
      sending: trend(HTTP.sending),
      waiting: trend(HTTP.waiting),
      receiving: trend(HTTP.receiving),
    };
  }

  #openAnswer({ request: { period }, seriesTags }: Bundle): AnswerSeries {
    return {
      failed: this.#registry.rate(HTTP.failed, period, seriesTags),
      responseTime: this.#registry.trend(HTTP.responseTime, period, seriesTags),
      body: this.#registry.counter('body_received', period, seriesTags),
    };
  }

  #openData({ request: { period }, seriesTags }: Bundle): DataSeries {
    return {
      sent: this.#registry.counter('data_sent', period, seriesTags),
      received: this.#registry.counter('data_received', period, seriesTags),
    };
  }

  #openCutOff({ request: { period }, seriesTags }: Bundle, kind: string): TrendSeries {
    return this.#registry.trend(HTTP.cutOff, period, { ...seriesTags, kind });
  }
}

function openBundle(sample: HttpSample, status: number, errorCode: number, isExpected: boolean): Bundle {
  const seriesTags: Tags = {
    ...sample.tags,
    scenario: sample.scenario,
    task: sample.task,
    phase: sample.phase,
    group: sample.group,
    name: sample.name,
    method: sample.method,
    status: String(status),
    ...(errorCode === 0 ? {} : { error_code: String(errorCode) }),
    expected_response: String(isExpected),
  };
  const { scenario, task, phase, group, name, method, tags, period } = sample;
  const request: RequestKind = { scenario, task, phase, group, name, method, tags, period };
  return {
    request,
    status,
    errorCode,
    isExpected,
    seriesTags,
    hop: undefined,
    answer: undefined,
    data: undefined,
    cutOff: undefined,
    server: undefined,
    stalled: undefined,
  };
}

/** Whether all tags but the name (compared already) are the same. */
function isSameKind(a: RequestKind, b: RequestKind): boolean {
  return (
    a.task === b.task &&
    a.method === b.method &&
    a.period === b.period &&
    a.scenario === b.scenario &&
    a.phase === b.phase &&
    a.group === b.group &&
    isSameTags(a.tags, b.tags)
  );
}

function isSameTags(a: Tags | undefined, b: Tags | undefined): boolean {
  if (a === b) return true;
  let unmatched = 0;
  for (const tag in a) {
    if (b?.[tag] !== a[tag]) return false;
    unmatched++;
  }
  for (const _ in b) unmatched--;
  return unmatched === 0;
}
