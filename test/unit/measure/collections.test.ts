import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { CollectionMeter } from '../../../runtime/measure/collections.ts';

test('pauses of 3 and 8 ms are 11 ms in all and 8 ms at most, and the next second begins anew', () => {
  const meter = new CollectionMeter();
  meter.record(3000);
  meter.record(8000);
  expect(meter.take()).toEqual({ us: 11_000, usMax: 8000 });
  expect(meter.take()).toEqual({ us: 0, usMax: 0 });
});

test('garbage that this process makes is seen while the meter is on, and not after stop', async () => {
  const meter = new CollectionMeter();
  const litter = async (): Promise<number> => {
    let kept: unknown[] = [];
    for (let i = 0; i < 2_000_000; i++) {
      kept.push({ i });
      if (kept.length > 200_000) kept = [];
    }
    await pause(20);
    return meter.take().us + kept.length * 0;
  };
  meter.start();
  expect(await litter()).toBeGreaterThan(0);
  meter.stop();
  expect(await litter()).toBe(0);
});
