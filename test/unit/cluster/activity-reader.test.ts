import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ActivityReader } from '../../../runtime/cluster/activity-reader.ts';
import { ACTIVITY } from '../../../runtime/core/activity-table.ts';
import { STALL_PHASE } from '../../../runtime/core/stall-cell.ts';
import { TableHolder } from './table-holder.ts';

const ITERATION = STALL_PHASE.indexOf('iteration');
const MAGIC = [0x12345678, -0x76543211, 0x55aa55aa, 0x0f1e2d3c];

describe.runIf(existsSync('/proc/self/mem'))('in the memory of another process', () => {
  let holder: TableHolder;
  let reader: ActivityReader;
  const rows: number[] = [];

  beforeAll(async () => {
    holder = await TableHolder.start();
    await holder.call('openTable', MAGIC, 4);
    for (const vu of [0, 1, 2, 3]) rows.push(await holder.call('openRow', vu));
    reader = new ActivityReader(holder.pid, MAGIC);
  });
  afterAll(() => holder.end());

  /** Wakes VUs by number, in that order, in a turn of their own. */
  async function wake(...vus: number[]): Promise<void> {
    await holder.call('beginTurn');
    for (const vu of vus) await holder.call('wakeRow', rows[vu] ?? 0);
  }

  const seen = (): [isInside: boolean, vus: number[]] => {
    const activity = reader.look();
    return [activity?.isInside ?? false, activity?.vus.map(({ vu }) => vu) ?? []];
  };

  test('the table is found, and says whose code runs: iteration 7 of scenario 2', async () => {
    await wake();
    await holder.call('beginActivity', rows[2] ?? 0, { phase: ITERATION, iteration: 7, scenario: 2 });
    expect(reader.look()).toMatchObject({ isInside: true, vus: [{ vu: 2, phase: ITERATION, iteration: 7, scenario: 2 }] });
  });

  test('of 3 VUs woken together those that wait for something do not run; the others come in the order of their waking', async () => {
    for (const row of rows) await holder.call('beginActivity', row, { phase: ITERATION, iteration: 1, scenario: 0 });
    await wake(3, 0, 1);
    await holder.call('addPending', rows[0] ?? 0, 1);
    expect(seen()).toEqual([true, [3, 1]]);
    await holder.call('addPending', rows[0] ?? 0, -1);
  });

  test('a VU that waits for a promise of its own since an earlier turn is not taken for one that runs', async () => {
    await wake(0, 1, 2, 3);
    await wake(1);
    expect(seen()).toEqual([true, [1]]);
  });

  test('where all that were woken wait for something, they are named all the same, the last one first: code may run beside a request', async () => {
    await wake(1, 2);
    await holder.call('addPending', rows[1] ?? 0, 1);
    await holder.call('endActivity', rows[2] ?? 0);
    expect(seen()).toEqual([true, [2, 1]]);
  });

  test('after the turn the worker itself is running; the VUs woken last are still known', async () => {
    await wake(3);
    await holder.call('endTurn');
    expect(seen()).toEqual([false, [3]]);
  });
});

test('users beyond the room of the table share its last row, before the settings come as after them, and no row lies outside', async () => {
  const holder = await TableHolder.start();
  const early = [await holder.call('openRow', 7), await holder.call('openRow', 8)];
  await holder.call('openTable', MAGIC, 2);
  const rows: number[] = [];
  for (let vu = 0; vu < ACTIVITY.spareRows + 4; vu++) rows.push(await holder.call('openRow', vu));
  const last = ACTIVITY.headWords + (ACTIVITY.spareRows + 1) * ACTIVITY.rowWords;
  expect(early).toEqual([ACTIVITY.headWords, ACTIVITY.headWords]);
  expect(rows.slice(0, 2)).toEqual([1, 2].map((row) => ACTIVITY.headWords + row * ACTIVITY.rowWords));
  expect(rows.slice(-4)).toEqual(Array(4).fill(last));
  holder.end();
});

test('a user that waits for nothing is idle until its code begins, and again when it has ended; what it waits for is counted', async () => {
  const holder = await TableHolder.start();
  await holder.call('openTable', MAGIC, 2);
  const row = await holder.call('openRow', 0);
  const idle = async (): Promise<boolean> => holder.call('isIdle', row);
  const seen = [await idle()];
  await holder.call('beginActivity', row, { phase: ITERATION, iteration: 0, scenario: 0 });
  seen.push(await idle());
  await holder.call('addPending', row, 1);
  await holder.call('addPending', row, -1);
  seen.push(await idle());
  await holder.call('endActivity', row);
  seen.push(await idle());
  expect(seen).toEqual([true, false, false, true]);
  holder.end();
});

test('of a process that is not there, or a table without a number, nothing is known', () => {
  expect(new ActivityReader(2 ** 30, MAGIC).look()).toBeUndefined();
  expect(new ActivityReader(process.pid, []).look()).toBeUndefined();
});
