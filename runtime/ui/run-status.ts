import type { Status } from '../views/api.ts';

/** Of the run that goes on; null: there is none that can be watched. */
export function liveIdOf(status: Status | undefined): string | null {
  return status === undefined || status.isPlanning || status.state === 'ended' || status.state === 'unknown' ? null : status.id;
}

/** Whether nothing else can be planned or started. */
export function isBusy(status: Status | undefined): boolean {
  return status?.isPlanning === true || liveIdOf(status) !== null;
}

/** Where an address without a place leads: the run that goes on, else the form; undefined while that is not known, such as before a run has its id. */
export function landingOf(status: Status | undefined): string | undefined {
  if (status === undefined || status.isPlanning) return undefined;
  const live = liveIdOf(status);
  return live === null ? '#/start' : `#/runs/${encodeURIComponent(live)}`;
}

export function isSameStatus(a: Status | undefined, b: Status | undefined): boolean {
  return a?.id === b?.id && a?.state === b?.state && a?.isPlanning === b?.isPlanning;
}
