import type { HookEnd } from '../core/mailbox.ts';

/** VU of module level's first pass, setup and teardown. */
export const HOOK_VU = -1;
const AT_ONCE = 20;

/** How a hook or a module level ended. */
export type HookDone = (end: HookEnd, text: string) => void;

/** Does something in each VU, a few at a time, until one fails. @param done - the first error's text and its VU; null: none failed */
export function fewAtOnce<Vu extends { readonly index: number }>(
  vus: readonly Vu[],
  act: (vu: Vu, next: HookDone) => void,
  done: (error: string | null, vu: number) => void,
): void {
  let [begun, left, failed] = [0, vus.length, false];
  if (left === 0) return void setImmediate(done, null, HOOK_VU);
  const beginOne = (): void => {
    const vu = vus[begun++];
    if (vu === undefined || failed) return;
    act(vu, (end, text) => {
      left--;
      if (failed) return;
      failed = end !== 'done';
      if (failed) done(text, vu.index);
      else if (left === 0) done(null, HOOK_VU);
      else beginOne();
    });
  };
  for (let i = 0; i < AT_ONCE; i++) beginOne();
}
