import type { Command } from './command.ts';
import { runDirOf } from './kept-flags.ts';
import { STRICT } from './options/judging.ts';
import { RUN_DIR } from './options/kept.ts';
import { switchOf } from './typed-values.ts';

interface Input {
  readonly runDir: string;
  /** What was before and what is now: runs or names of baselines. */
  readonly sides: readonly string[];
  /** Runs that did not do the same are not compared. */
  readonly isStrict: boolean;
}

/** Whether a run is worse than another. */
export const compare = {
  name: 'compare',
  usage: 'stressrun compare <before> <now> [flags]',
  does: 'whether a run is worse than another, or than a baseline: 99 when it is, by more than chance',
  examples: ['stressrun compare main latest', 'stressrun compare runs/a runs/b --strict'],
  options: [RUN_DIR, STRICT],
  subject: { what: 'two runs or baselines', such: 'stressrun compare main latest', isNeeded: true, most: 2 },
  read: ({ words, values }): Input => ({ runDir: runDirOf(values), sides: words, isStrict: switchOf(values, 'strict') === true }),
  async run({ runDir, sides, isStrict }, { output }) {
    const { compareRuns } = await import('./compare-sides.ts');
    return compareRuns({ runDir, sides, isStrict, output });
  },
} as const satisfies Command<'compare', Input>;
