import type { AgentFacts } from '../agents/agent-peer.ts';
import type { RunPlan, ScenarioPlan, ThresholdPlan } from '../core/plan.ts';
import type { Calibration, ErrorTally, GeneratorSecond, KeptRequest, StartCounts } from '../core/records.ts';
import type { ErrorRow, RunJson, RunSegment, ScenarioRow, ThresholdResult } from '../core/run-json.ts';
import { scriptNameOf } from '../history/script-name.ts';
import type { MachineLoad } from '../monitor/machine-load.ts';
import type { GeneratorAssessment } from '../monitor/saturation.ts';
import { recordingNotes, repeatNotes } from '../record/recording-notes.ts';
import type { MetricStore } from '../record/store.ts';
import { summaryOf } from '../record/summary.ts';
import { tagTablesOf } from '../record/tag-tables.ts';
import { taskRowsOf } from '../record/task-rows.ts';
import { judgeThresholds } from '../verdict/judge.ts';
import { undoneNotes, type WorkDone, whyNotJudged } from '../verdict/not-judged.ts';
import { offeredLoadOf } from '../verdict/offered-load.ts';
import { decideOutcome, type RunFacts } from '../verdict/outcome.ts';
import type { SecondsTally } from '../verdict/seconds-tally.ts';
import { judgeSegments } from '../verdict/segments.ts';
import { agentNote, agentRow } from './agent-rows.ts';
import { generatorFactsOf } from './generator-facts.ts';

/** Everything that a result is made of; from a run that just ended, or read back from a journal. */
export interface RunMaterial {
  plan: RunPlan;
  baseUrl: string;
  startedMs: number;
  /** Length of the measured window. */
  measuredS: number;
  store: MetricStore;
  errors: readonly ErrorTally[];
  starts: StartCounts;
  generator: readonly (readonly GeneratorSecond[])[];
  /** What the workers took for an answer that waits for nothing; null or absent: not measured. */
  calibration?: Calibration | null;
  /** Of the measured window; absent: not known. */
  machine?: MachineLoad;
  /** Absent where only a journal is left. */
  kept?: readonly KeptRequest[];
  /** Of the thresholds with a window: what `LiveJudge.finish` gave. */
  windows?: ReadonlyMap<ThresholdPlan, ThresholdResult>;
  /** Of the others: `LiveJudge.tallies`. Absent where only a journal is left. */
  tallies?: ReadonlyMap<ThresholdPlan, SecondsTally>;
  /** By scenario in the order of the plan. Absent where only a journal is left. */
  startsByScenario?: readonly StartCounts[];
  /** Stretches between changes of the load; absent: nobody changed it. */
  segments?: readonly Omit<RunSegment, 'thresholds'>[];
  /** How it ended, thresholds and saturation left out. */
  ending: Omit<RunFacts, 'thresholds' | 'allThrew' | 'saturated' | 'strict' | 'onInconclusive'>;
  notes: readonly string[];
  /** Who sent the load; absent: workers of one process, or only a journal is left. */
  agents?: readonly AgentFacts[];
}

/** The result of a run: rows, verdict, exit code. */
export function runJsonOf(material: RunMaterial): RunJson {
  const { plan, store, measuredS, errors } = material;
  const { assessment, overheadMs, doubts } = generatorFactsOf(material);
  const { name: environment, rpsMax } = plan.environment;
  const offered = offeredLoadOf(plan.scenarios, store, {
    starts: material.starts,
    saturated: assessment.saturated,
    measuredS,
    ...(rpsMax === undefined ? {} : { rpsMax }),
  });
  const { rows, tableNotes } = rowsIn(material);
  const thresholds = judgeThresholds(plan.thresholds, store, {
    measuredS,
    offered,
    ...(material.windows === undefined ? {} : { windows: material.windows }),
    ...(material.tallies === undefined ? {} : { tallies: material.tallies }),
  });
  const notJudged = whyNotJudged(thresholds, doneIn(rows, material.starts));
  const verdict = decideOutcome({
    ...material.ending,
    thresholds,
    ...(notJudged === undefined ? allThrewIn(rows) : { notJudged, ...allThrewIn(rows) }),
    ...doubts,
    strict: plan.isStrict,
    onInconclusive: plan.onInconclusive,
  });
  return {
    version: 1,
    run: {
      id: plan.runId,
      script: scriptNameOf(plan),
      environment,
      profile: plan.profile ?? null,
      seed: plan.seed,
      started: new Date(material.startedMs).toISOString(),
      durationS: measuredS,
      exitCode: verdict.exitCode,
      baseUrl: material.baseUrl,
      workers: plan.workers,
      model: modelOf(plan.scenarios),
    },
    verdict: { outcome: verdict.outcome, reasons: verdict.reasons },
    thresholds: verdict.thresholds,
    ...rows,
    starts: material.starts,
    errors: errors.map(errorRow),
    generator: { saturated: assessment.saturated, overheadMs, loopLagMs: assessment.loopLagMs, cpu: assessment.cpu },
    notes: [
      ...material.notes,
      ...recordingNotes(store),
      ...repeatNotes(store),
      ...tableNotes,
      ...(offered.heldToRps === undefined ? [] : [heldNote(environment, offered.heldToRps)]),
      ...startNotes(material, rows.metrics['iterations']?.values['count'] ?? 0, offered.lostStarts ?? 0),
      ...generatorNotes(assessment),
      ...(material.agents ?? []).map(agentNote),
    ],
    ...(material.agents === undefined ? {} : { agents: material.agents.map(agentRow) }),
    ...(material.kept === undefined ? {} : { kept: [...material.kept] }),
    ...(material.segments === undefined ? {} : { exploratory: { segments: judgeSegments(plan.thresholds, store, material.segments) } }),
    ...(plan.taskWeights === undefined ? {} : { tasks: taskRowsOf(plan.taskWeights, rows.requests) }),
    scenarios: plan.scenarios.map((scenario, i) => scenarioRow(scenario, material.startsByScenario?.[i])),
  };
}

function generatorNotes({ remarks, saturated, reasons }: GeneratorAssessment): string[] {
  return [...remarks, ...(saturated === true ? reasons.map((reason) => `the generator was saturated: ${reason}`) : [])];
}

/** Starts that did not come about, or came late: for want of a user where all of them are due by plan and none went with a worker. */
function startNotes({ plan: { scenarios }, starts }: RunMaterial, iterations: number, lostStarts: number): string[] {
  const isOpen = lostStarts === 0 && scenarios.every(({ kind }) => kind === 'open');
  return undoneNotes(starts, iterations, isOpen ? scenarios.reduce((sum, { users }) => sum + users, 0) : undefined);
}

function errorRow({ firstSeenMs, lastSeenMs, ...tally }: ErrorTally): ErrorRow {
  return { ...tally, firstSeen: new Date(firstSeenMs).toISOString(), lastSeen: new Date(lastSeenMs).toISOString() };
}

function allThrewIn({ metrics }: Pick<RunJson, 'metrics'>): Pick<RunFacts, 'allThrew'> {
  const threw = metrics['iteration_errors']?.values['count'] ?? 0;
  return threw > 0 && threw === metrics['iterations']?.values['count'] ? { allThrew: threw } : {};
}

function doneIn({ requests, metrics }: Pick<RunJson, 'requests' | 'metrics'>, starts: StartCounts): WorkDone {
  const all = requests.at(-1);
  return {
    starts,
    requests: all?.count ?? 0,
    failed: all?.failed ?? 0,
    iterations: metrics['iterations']?.values['count'] ?? 0,
    threw: metrics['iteration_errors']?.values['count'] ?? 0,
  };
}

/** All rows, with a table for each tag that the plan asks for; a tag that no request had is told. */
function rowsIn({ plan, store, measuredS, errors }: RunMaterial): {
  rows: ReturnType<typeof summaryOf> & Pick<RunJson, 'byTag'>;
  tableNotes: string[];
} {
  const rows = summaryOf(store, { measuredS, errors });
  const { tables, unknown, seen, notes } = tagTablesOf(store, plan.reportsBy ?? [], measuredS);
  const unknownNotes = unknown.map((tag) => `no table by ${tag}: no request had that tag; those that requests had: ${seen.join(', ')}`);
  return { rows: tables.length === 0 ? rows : { ...rows, byTag: [...tables] }, tableNotes: [...unknownNotes, ...notes] };
}

function heldNote(environment: string, rpsMax: number): string {
  return `max_rps: ${rpsMax} of environments.${environment} held the load back: what requests waited for their turn is in no latency, and is not the target's doing`;
}

function modelOf(scenarios: readonly ScenarioPlan[]): NonNullable<RunJson['run']['model']> {
  const isOpen = scenarios.map(({ kind }) => kind === 'open');
  if (!isOpen.includes(true)) return 'closed';
  return isOpen.includes(false) ? 'mixed' : 'open';
}

function scenarioRow(scenario: ScenarioPlan, starts: StartCounts | undefined): ScenarioRow {
  const { name, executor, exec, kind, users, startTimeUs, length } = scenario;
  return {
    name,
    executor,
    exec,
    model: kind,
    users,
    startS: startTimeUs / 1_000_000,
    durationS: length.kind === 'duration' ? length.durationUs / 1_000_000 : null,
    ...(starts === undefined ? {} : { starts }),
  };
}
