/**
 * Where a run is, from its users to its end: one word each for coordinator, journal, server, pages and terminal. Parts of the load that samples belong to are
 * {@link Period}s, and what code a user is at is neither.
 */
export const STAGES = ['preparing users', 'setup', 'warm-up', 'measuring', 'stopping', 'teardown', 'summary', 'ended'] as const;
export type Stage = (typeof STAGES)[number];

/** As the API tells it: coarser, with a word for what comes before users. */
export const RUN_STATES = ['starting', 'warm-up', 'running', 'stopping', 'ended'] as const;
type RunState = (typeof RUN_STATES)[number];

const STATES: Readonly<Record<Stage, RunState>> = {
  'preparing users': 'starting',
  setup: 'starting',
  'warm-up': 'warm-up',
  measuring: 'running',
  stopping: 'stopping',
  teardown: 'stopping',
  summary: 'stopping',
  ended: 'ended',
};

/** @param stage - empty: before the first */
export function runStateOf(stage: Stage | ''): RunState {
  return stage === '' ? 'starting' : STATES[stage];
}

export function isStage(text: string): text is Stage {
  return (STAGES as readonly string[]).includes(text);
}

/** Whether users of the load that counts are at work, or come to their end. */
export function isLoad(stage: Stage | ''): boolean {
  return stage === 'measuring' || stage === 'stopping';
}

/** Whether the last user of the load is gone. */
export function isAfterLoad(stage: Stage | ''): boolean {
  return stage === 'teardown' || stage === 'summary' || stage === 'ended';
}
