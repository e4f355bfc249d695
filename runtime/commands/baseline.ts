import type { Command } from './command.ts';
import { runDirOf } from './kept-flags.ts';
import { RUN_DIR } from './options/kept.ts';

interface Input {
  readonly runDir: string;
  /** What to do, and what with. */
  readonly words: readonly string[];
}

/** Runs that others are measured by. */
export const baseline = {
  name: 'baseline',
  usage: 'stressrun baseline save <run> [name] | show <name> | list | drop <name>',
  does: 'keep a run as what later ones are compared with: a small file for git, in baselines/ of the run folders',
  examples: ['stressrun baseline save latest main', 'stressrun baseline list'],
  options: [RUN_DIR],
  subject: { what: 'save, show, list or drop', such: 'stressrun baseline save latest main', isNeeded: true, most: 3 },
  read: ({ words, values }): Input => ({ runDir: runDirOf(values), words }),
  async run({ runDir, words }, { output }) {
    const { runBaseline } = await import('./baseline-work.ts');
    return runBaseline({ runDir, words, output });
  },
} as const satisfies Command<'baseline', Input>;
