import { EXIT } from '../core/errors.ts';
import type { Outcome, ThresholdResult } from '../core/run-json.ts';
import { leftOpen } from '../core/verdict-points.ts';
import type { LiveAbort } from './live-judge.ts';
import { settle } from './saturation.ts';

/** Why a weak result is undecided. */
const MAY_BE_CHANCE = '--strict takes nothing that may be chance';

/** Everything that has a say in how a run ends. Texts are one line for people. */
export interface RunFacts {
  /** What stressrun or the script threw outside the load: bad input, an unhealthy target, setup or teardown. */
  readonly error?: { readonly exitCode: number; readonly message: string };
  /** A VU blocked its worker or ran it out of memory: which one, and where. */
  readonly runaway?: string;
  /** The message given to `test.abort()`. */
  readonly aborted?: string;
  /** What stopped the run from outside, such as `SIGINT`. */
  readonly interrupted?: string;
  readonly thresholds: readonly ThresholdResult[];
  /** The threshold that ended the run early. */
  readonly endedBy?: LiveAbort;
  /** The message given to `test.fail()`. */
  readonly testFailed?: string;
  /** Every iteration that ended threw: how many. */
  readonly allThrew?: number;
  /** Planned load that went with a lost worker and was not made up. */
  readonly lostWork?: string;
  /** Null: not measured. */
  readonly saturated: boolean | null;
  /** How far off the generator's own latencies are, in ms; undefined: not measured. */
  readonly generatorErrorMs?: number;
  /** Whether all planned load was offered; undefined: not known. */
  readonly isPlannedLoadOffered?: boolean;
  /** Requests that failed because the generator had no socket to give. */
  readonly ownFailures?: number;
  /** Requests that failed, and perhaps only because their worker was away: see `isOwnFailure`. */
  readonly stalledFailures?: number;
  /** Of the worst worker, share of the measured time in which it had work and no processor: 0 to 1. */
  readonly starvedRatio?: number;
  /** Starts that were due in the run. */
  readonly dueStarts?: number;
  /** The generator was held up by its own work: scripts, bodies, connections. */
  readonly isCpuBound?: boolean;
  /** Some users wait for their answers before they ask again: no load was planned that they could have offered. */
  readonly isClosedModel?: boolean;
  /** Why nothing says whether the run is good, though no threshold was missed; undefined: something does. See `whyNotJudged`. */
  readonly notJudged?: string;
  /** `--strict`: percentiles of too few samples, and what may be chance, are inconclusive. */
  readonly strict: boolean;
  readonly onInconclusive: 'fail' | 'warn';
}

export interface RunOutcome {
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** All causes, the deciding one first; empty when the run passed without remark. */
  readonly reasons: string[];
  /** As given, with `undecided` where a saturated generator leaves open what the target did. */
  readonly thresholds: ThresholdResult[];
}

interface Row {
  readonly outcome: Outcome;
  readonly exitCode: number;
  readonly reasons: readonly string[];
}

/** The table of exit codes: the first row that applies decides, the reasons of all are listed. */
export function decideOutcome(facts: RunFacts): RunOutcome {
  const thresholds = facts.thresholds.map((result) => strictly(settle(result, facts), facts));
  const rows: Row[] = [...errorRows(facts), ...stopRows(facts), ...verdictRows(facts, thresholds)].filter((row) => row.reasons.length > 0);
  const first = rows[0] ?? lastRow(facts);
  const reasons = rows.length === 0 ? first.reasons : rows.flatMap((row) => row.reasons);
  return { outcome: first.outcome, exitCode: first.exitCode, reasons: [...reasons], thresholds };
}

/** `--strict` takes no result that could by chance have been the other way round, nor a percentile of a handful; what ended the run was sure in a way of its own. */
function strictly(result: ThresholdResult, { strict, endedBy }: RunFacts): ThresholdResult {
  const { outcome, isWeak, isThin, detail, source, expression } = result;
  const hasEnded = endedBy?.plan.source === source && endedBy.plan.expression === expression;
  if (!strict || hasEnded) return result;
  const mayBeChance = outcome === 'met' ? isWeak === true || isThin === true : outcome === 'missed' && isWeak === true;
  if (!mayBeChance) return result;
  return { ...result, ...leftOpen(detail, MAY_BE_CHANCE) };
}

/** Nothing stands against the run: it has passed, if there was anything to judge. */
function lastRow({ notJudged, strict, onInconclusive }: RunFacts): Row {
  if (notJudged === undefined) return { outcome: 'passed', exitCode: EXIT.passed, reasons: [] };
  return { outcome: 'not-judged', exitCode: strict && onInconclusive === 'fail' ? EXIT.inconclusive : EXIT.passed, reasons: [notJudged] };
}

function errorRows({ error, runaway }: RunFacts): Row[] {
  return [
    { outcome: 'error', exitCode: error?.exitCode ?? EXIT.badInput, reasons: error === undefined ? [] : [error.message] },
    { outcome: 'error', exitCode: EXIT.runaway, reasons: maybe(runaway, 'runaway script') },
  ];
}

function stopRows({ aborted, interrupted }: RunFacts): Row[] {
  return [
    { outcome: 'aborted', exitCode: EXIT.aborted, reasons: maybe(aborted, 'test.abort()') },
    { outcome: 'interrupted', exitCode: EXIT.interrupted, reasons: maybe(interrupted, 'interrupted') },
  ];
}

function verdictRows(facts: RunFacts, thresholds: readonly ThresholdResult[]): Row[] {
  const missed = thresholds.filter(({ outcome }) => outcome === 'missed');
  const open = thresholds.filter(({ outcome, isExcused }) => outcome === 'undecided' || (outcome === 'no-data' && isExcused !== true));
  return [
    { outcome: 'failed', exitCode: EXIT.thresholdMissed, reasons: [...endingOf(facts, thresholds), ...missed.map(reasonOf)] },
    { outcome: 'failed', exitCode: EXIT.thresholdMissed, reasons: threwText(facts) },
    { outcome: 'failed', exitCode: EXIT.testFailed, reasons: maybe(facts.testFailed, 'test.fail()') },
    { outcome: 'degraded', exitCode: EXIT.degraded, reasons: maybe(facts.lostWork, 'planned load was lost') },
    {
      outcome: 'inconclusive',
      exitCode: facts.onInconclusive === 'warn' ? EXIT.passed : EXIT.inconclusive,
      reasons: open.map(reasonOf),
    },
  ];
}

/** A run that a threshold ended has failed, even if the last answers made up for it; not if the generator may be to blame. */
function endingOf({ endedBy }: RunFacts, thresholds: readonly ThresholdResult[]): string[] {
  if (endedBy === undefined) return [];
  const { plan, reason } = endedBy;
  const result = thresholds.find(({ source, expression }) => source === plan.source && expression === plan.expression);
  return result?.outcome === 'undecided' ? [] : [reason];
}

function threwText({ allThrew }: RunFacts): string[] {
  if (allThrew === undefined) return [];
  return [allThrew === 1 ? 'the only iteration threw' : `every iteration threw, all ${allThrew}`];
}

function reasonOf({ source, detail }: ThresholdResult): string {
  return `${source}: ${detail}`;
}

function maybe(text: string | undefined, cause: string): string[] {
  if (text === undefined) return [];
  return [text === '' ? cause : `${cause}: ${text}`];
}
