import { setImmediate as turn } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { collectGarbage } from '../../../runtime/worker/garbage.ts';

/** Says whether an object that nobody holds any more is still there. */
async function forgotten(): Promise<WeakRef<object>> {
  const found = new WeakRef({ big: new Array(1_000).fill(0) });
  await turn(); // it is held until the turn ends
  return found;
}

test('garbage is collected when it is asked for, and no context that is made later has the means', async () => {
  const object = await forgotten();
  collectGarbage();
  expect(object.deref()).toBeUndefined();
  expect(runInNewContext('typeof gc')).toBe('undefined');
  expect(Reflect.has(globalThis, 'gc')).toBe(false);
});
