import { ACTIVITY } from '../core/activity-table.ts';

const WORD_BYTES = 4;

/**
 * What every VU is doing, in memory that the coordinator can find and read from outside when this process no longer answers: a
 * magic number, the count of rows, then a row a VU. Writing to it costs a nanosecond; that is why it may be exact.
 * A DataView, because vm2 hands out typed arrays through a proxy, and V8 then writes to them the slow way (30 ns).
 * @see core/activity-table.ts for the layout
 */
let table = tableOf(1); // for what runs before the settings have come
let isOpen = false;
let rows = 0;
let wakings = 0;

/** Makes room for that many VUs. The bytes never move afterwards. */
export function openTable(magic: readonly number[], users: number): void {
  if (isOpen) return;
  isOpen = true;
  table = tableOf(users + ACTIVITY.spareRows);
  for (let i = 0; i < magic.length; i++) put(i, magic[i] as number);
}

function tableOf(rowsMax: number): DataView {
  return new DataView(new ArrayBuffer((ACTIVITY.headWords + rowsMax * ACTIVITY.rowWords) * WORD_BYTES));
}

/** The coordinator looks only where the machine's byte order is this one. */
function put(word: number, value: number): void {
  table.setInt32(word * WORD_BYTES, value, true);
}

/** A row for a VU; the last one is shared when there is no room. */
export function openRow(vu: number): number {
  const most = Math.floor((table.byteLength / WORD_BYTES - ACTIVITY.headWords) / ACTIVITY.rowWords);
  const row = ACTIVITY.headWords + Math.max(0, Math.min(rows, most - 1)) * ACTIVITY.rowWords;
  rows = Math.min(rows + 1, most);
  put(ACTIVITY.countWord, rows);
  put(row, vu);
  put(row + ACTIVITY.pending, ACTIVITY.idle);
  return row;
}

/** VUs will be woken together. */
export function beginTurn(): void {
  put(ACTIVITY.turnWord, wakings);
}

/** All code that was woken has run dry. */
export function endTurn(): void {
  put(ACTIVITY.insideWord, 0);
}

/** Code of the VU may run from here on until the turn ends. */
export function wakeRow(row: number): void {
  wakings = (wakings + 1) | 0;
  put(row + ACTIVITY.waking, wakings);
  put(ACTIVITY.insideWord, 1);
}

/** The VU's code begins to run: module level, a hook or an iteration. */
export function beginActivity(row: number, what: { phase: number; iteration: number; scenario: number }): void {
  put(row + ACTIVITY.phase, what.phase);
  put(row + ACTIVITY.iteration, what.iteration);
  put(row + ACTIVITY.scenario, what.scenario);
  put(row + ACTIVITY.pending, 0);
  wakeRow(row);
}

export function endActivity(row: number): void {
  put(row + ACTIVITY.pending, ACTIVITY.idle);
}

/** Whether none of its code runs or waits. */
export function isIdle(row: number): boolean {
  return table.getInt32((row + ACTIVITY.pending) * WORD_BYTES, true) === ACTIVITY.idle;
}

/** The VU waits for one operation more, or less. While it waits for none its code runs. */
export function addPending(row: number, change: 1 | -1): void {
  put(row + ACTIVITY.pending, table.getInt32((row + ACTIVITY.pending) * WORD_BYTES, true) + change);
}
