import { ACTIVITY } from '../core/activity-table.ts';

/**
 * What every VU is doing, in memory that the coordinator can find and read from outside when this process no longer answers: a
 * magic number, the count of rows, then a row a VU. Writing to it costs a nanosecond; that is why it may be exact.
 * @see core/activity-table.ts for the layout
 */
let table = new Int32Array(0);
let rows = 0;
let wakings = 0;

/** Makes room for that many VUs. The bytes never move afterwards. */
export function openTable(magic: readonly number[], users: number): void {
  if (table.length > 0) return;
  table = new Int32Array(ACTIVITY.headWords + (users + ACTIVITY.spareRows) * ACTIVITY.rowWords);
  for (let i = 0; i < magic.length; i++) table[i] = magic[i] as number;
}

/** A row for a VU; the last one is shared when there is no room. */
export function openRow(vu: number): number {
  const most = Math.floor((table.length - ACTIVITY.headWords) / ACTIVITY.rowWords);
  const row = ACTIVITY.headWords + Math.max(0, Math.min(rows, most - 1)) * ACTIVITY.rowWords;
  rows = Math.min(rows + 1, most);
  table[ACTIVITY.countWord] = rows;
  table[row] = vu;
  table[row + ACTIVITY.pending] = ACTIVITY.idle;
  return row;
}

/** VUs will be woken together. */
export function beginTurn(): void {
  table[ACTIVITY.turnWord] = wakings;
}

/** All code that was woken has run dry. */
export function endTurn(): void {
  table[ACTIVITY.insideWord] = 0;
}

/** Code of the VU may run from here on until the turn ends. */
export function wakeRow(row: number): void {
  wakings = (wakings + 1) | 0;
  table[row + ACTIVITY.waking] = wakings;
  table[ACTIVITY.insideWord] = 1;
}

/** The VU's code begins to run: module level, a hook or an iteration. */
export function beginActivity(row: number, what: { phase: number; iteration: number; scenario: number }): void {
  table[row + ACTIVITY.phase] = what.phase;
  table[row + ACTIVITY.iteration] = what.iteration;
  table[row + ACTIVITY.scenario] = what.scenario;
  table[row + ACTIVITY.pending] = 0;
  wakeRow(row);
}

export function endActivity(row: number): void {
  table[row + ACTIVITY.pending] = ACTIVITY.idle;
}

/** The VU waits for one operation more, or less. While it waits for none its code runs. */
export function addPending(row: number, change: 1 | -1): void {
  table[row + ACTIVITY.pending] = (table[row + ACTIVITY.pending] as number) + change;
}
