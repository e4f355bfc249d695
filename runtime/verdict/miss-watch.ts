import { DEPENDENCE_SECONDS_MIN, longRunVariance } from '../statistics/dependence.ts';
import { shareEvidence, sumEvidence } from '../statistics/evidence.ts';
import type { MissAccount } from './miss-account.ts';

/** Chance that a run which is as good as its limits is ended early, whatever is looked at and how often. */
const FALSE_ALARMS_MAX = 0.025;
/** Before this many seconds nothing is taken as evidence. */
const EVIDENCE_SECONDS_MIN = 30;
/** With fewer samples on either side of the limit nobody knows how they hang together: then a second says as much as one sample. */
const SIDE_SAMPLES_MIN = 20;
/** What the rest of a run may be as good as: its best so many seconds in a row. */
const BEST_SECONDS = 5;
/** A run is lost whatever comes when it would miss this many times over: with fewer a good target whose requests queue is ended in one short run of ten. */
const LOST_TIMES = 5;

/** What came up to a second, and what is to come. */
export interface WatchOptions {
  /** Seconds that the run goes on as planned; infinite when nobody knows. */
  readonly restS: number;
  /** Thresholds that may end the run: they share the odds of a false alarm. */
  readonly watched: number;
}

/**
 * Whether a run has surely missed a threshold, second by second. Seconds depend on each other, and it is looked at after each: what counts is
 * what holds at any time. And what is left of the run may make up for a bad stretch.
 */
export class MissWatch {
  /** Of each second, and the account that they add up to. */
  readonly #bad: number[] = [];
  readonly #of: number[] = [];
  #last: MissAccount | undefined;
  /** Largest so far: a share's independent samples to one that is, an amount's variance per second. */
  #inflation = 0;

  /** @param account - of the run up to the end of the next second; undefined while there is nothing */
  push(account: MissAccount | undefined): void {
    this.#bad.push((account?.bad ?? 0) - (this.#last?.bad ?? 0));
    this.#of.push(Math.max(0, (account?.of ?? 0) - (this.#last?.of ?? 0)));
    this.#last = account ?? this.#last;
  }

  isSureMiss({ restS, watched }: WatchOptions): boolean {
    const account = this.#last;
    if (account === undefined || account.of <= 0 || this.#drift(account) <= 0) return false;
    if (Number.isFinite(restS) && this.#isLostAnyway(account, restS)) return true;
    if (this.#bad.length < EVIDENCE_SECONDS_MIN || account.allowed === 0) return false;
    const isEvident = this.#evidence(account) >= Math.log(watched / FALSE_ALARMS_MAX);
    return isEvident && (!Number.isFinite(restS) || this.#drift(account) + restS * this.#bestDrift(account) > 0);
  }

  /** What is bad beyond what is allowed. */
  #drift({ bad, of, allowed }: MissAccount): number {
    return bad - allowed * of;
  }

  /** Were nothing bad any more, and every second as busy as the busiest: the run would still miss five times over. No matter of chance. */
  #isLostAnyway({ kind, bad, of, allowed }: MissAccount, restS: number): boolean {
    if (allowed < 0 || bad <= 0 || this.#bad.some((each) => each < 0)) return false;
    const limit = kind === 'share' ? Math.min(LOST_TIMES * allowed, (1 + allowed) / 2) : LOST_TIMES * allowed;
    return bad > limit * (of + restS * this.#of.reduce((most, each) => Math.max(most, each), 0));
  }

  /** Drift per second in the best seconds in a row. */
  #bestDrift({ allowed }: MissAccount): number {
    const drifts = this.#bad.map((bad, t) => bad - allowed * (this.#of[t] as number));
    let sum = drifts.slice(0, BEST_SECONDS).reduce((all, each) => all + each, 0);
    let best = sum;
    for (let t = BEST_SECONDS; t < drifts.length; t++) {
      sum += (drifts[t] as number) - (drifts[t - BEST_SECONDS] as number);
      best = Math.min(best, sum);
    }
    return best / BEST_SECONDS;
  }

  /** Natural logarithm of how much likelier what came is if the limit is missed. */
  #evidence(account: MissAccount): number {
    const { kind, bad, of, allowed, variance } = account;
    const seconds = this.#bad.length;
    if (seconds < DEPENDENCE_SECONDS_MIN) return 0;
    const mean = bad / of;
    const long = longRunVariance(this.#bad.map((each, t) => each - mean * (this.#of[t] as number)));
    if (kind === 'amount') {
      this.#inflation = Math.max(this.#inflation, (Math.max(long.variance, variance) * long.widening) / seconds);
      return sumEvidence(this.#drift(account), { variance: this.#inflation * seconds, seconds });
    }
    const alone = of * mean * (1 - mean);
    this.#inflation = Math.max(this.#inflation, alone > 0 ? Math.max(1, long.variance / alone) * long.widening : 1);
    const isThin = Math.min(bad, of - bad) < SIDE_SAMPLES_MIN;
    const samples = of / (isThin ? Math.max(this.#inflation, of / seconds) : this.#inflation);
    return shareEvidence({ bad: mean * samples, samples }, allowed);
  }
}
