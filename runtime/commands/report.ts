import type { Command } from './command.ts';
import type { ReportRunInput } from './inputs.ts';
import { keptOf } from './kept-flags.ts';
import { BY, KEPT } from './options/kept.ts';
import { given } from './typed-values.ts';

type Input = Omit<ReportRunInput, 'output'>;

/** A kept run once more. */
export const report = {
  name: 'report',
  usage: 'stressrun report <run> [flags]',
  does: 'report again on a run that was kept, also on one that was killed',
  examples: ['stressrun report latest'],
  options: [BY, ...KEPT],
  subject: { what: 'one run', such: 'stressrun report latest', isNeeded: true },
  read: ({ word = '', values }): Input => ({ run: word, ...keptOf(values) }),
  async run({ run, runDir, jsonPath, reports }, { output }) {
    const { reportRun } = await import('./report-run.ts');
    return reportRun({ run, output, runDir, ...given({ jsonPath, reports }) });
  },
} as const satisfies Command<'report', Input>;
