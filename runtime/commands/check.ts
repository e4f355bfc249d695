import type { RunFlags } from '../config/flags.ts';
import type { Command } from './command.ts';
import { JUDGING } from './options/judging.ts';
import { PLAN } from './options/plan.ts';
import { runFlagsOf } from './run-flags.ts';

type Input = { readonly flags: RunFlags };

/** The script, its plan, and every task once. */
export const check = {
  name: 'check',
  usage: 'stressrun check <script> [flags]',
  does: 'bundle the script, print the plan, and run every task of it once',
  examples: ['stressrun check scripts/predict.ts -e local -p standard_open'],
  options: [...PLAN, ...JUDGING],
  subject: { what: 'the path of one script', such: 'stressrun check scripts/predict.ts', isNeeded: true },
  read: ({ word = '', flags, variables }): Input => ({ flags: runFlagsOf(word, flags, variables) }),
  async run({ flags }, { output, signals, around }) {
    const { checkScript } = await import('./check-script.ts');
    return checkScript({ flags, output, signals, around });
  },
} as const satisfies Command<'check', Input>;
