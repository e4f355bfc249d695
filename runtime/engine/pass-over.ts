import type { ArrivalPacer } from './arrival-pacer.ts';
import type { TurnQueue } from './turn-queue.ts';

/** Starts passed over in one go; then other work has its turn. */
const AT_ONCE = 2000;

/** Passes over what was due before a moment: others have begun it, or it is lost. @param then - told how many, and when the last was due */
export function passOver(pacer: ArrivalPacer, turns: TurnQueue, atUs: number, then: (count: number, dueAtUs: number) => void): void {
  let passed = 0;
  const step = (): void => {
    const { count, dueAtUs } = pacer.skip(atUs, AT_ONCE);
    passed += count;
    if (pacer.nextDueUs < atUs) turns.push(step);
    else then(passed, dueAtUs);
  };
  turns.push(step);
}
