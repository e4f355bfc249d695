import type { Command, Surroundings } from './command.ts';
import type { RunUiInput } from './inputs.ts';
import { keptOf } from './kept-flags.ts';
import { JUDGING } from './options/judging.ts';
import { BY, KEPT, OUT } from './options/kept.ts';
import { PLAN } from './options/plan.ts';
import { LISTENING } from './options/target.ts';
import { WATCHED } from './options/watched.ts';
import { runFlagsOf } from './run-flags.ts';
import { given } from './typed-values.ts';
import { listenFlagsOf } from './ui-flags.ts';

type Input = Omit<RunUiInput, keyof Surroundings>;

/** The web UI, for any number of runs. */
export const ui = {
  name: 'ui',
  usage: 'stressrun ui [script] [flags]',
  does: 'web UI: start runs, watch and change them, compare them; flags are what its form begins with',
  examples: ['stressrun ui scripts/predict.ts -e demo -p smoke'],
  options: [...PLAN, BY, ...KEPT, OUT, ...JUDGING, ...LISTENING, ...WATCHED],
  subject: { what: 'at most one script', such: 'stressrun ui scripts/predict.ts', isNeeded: false },
  read({ word, flags, variables, values, uiToken }): Input {
    const { script, ...others } = runFlagsOf(word ?? '', flags, variables);
    return { flags: { ...others, ...given({ script: word }) }, ui: listenFlagsOf(values, 'ui', uiToken), ...keptOf(values) };
  },
  async run({ flags, ui: listen, runDir, jsonPath, reports }, { output, signals, around }) {
    const { runUi } = await import('./run-ui.ts');
    return runUi({ flags, ui: listen, output, signals, around, runDir, ...given({ jsonPath, reports }) });
  },
} as const satisfies Command<'ui', Input>;
