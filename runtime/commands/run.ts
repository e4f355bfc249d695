import { resolve } from 'node:path';
import { startFirstWorker } from '../run/early-worker.ts';
import type { RunTestInput } from '../run/output.ts';
import { agentWishOf } from './agent-wish.ts';
import type { Command, Surroundings } from './command.ts';
import type { RunUiInput, UiFlags } from './inputs.ts';
import { keptOf } from './kept-flags.ts';
import { HIRING } from './options/agents.ts';
import { JUDGING } from './options/judging.ts';
import { BY, KEPT, OUT, SUMMARY_EXPORT } from './options/kept.ts';
import { PLAN } from './options/plan.ts';
import { HEADLESS, WATCHED } from './options/watched.ts';
import { runFlagsOf } from './run-flags.ts';
import { given, textOf } from './typed-values.ts';
import { uiFlagsOf } from './ui-flags.ts';

type Input = Omit<RunTestInput, keyof Surroundings | 'onControl'> & { readonly ui?: UiFlags };

/** A load test and its verdict; with `--ui` it can be watched. */
export const run = {
  name: 'run',
  usage: 'stressrun <script> [flags]',
  does: 'run a load test and print its verdict; `stressrun run <script>` is the same',
  examples: [
    'stressrun scripts/predict.ts -e local -p smoke',
    'stressrun scripts/predict.ts -e local -p spike --duration 30s',
    'stressrun scripts/predict.ts -e local --rate 50/s --duration 1m --users 200',
    'stressrun scripts/predict.ts -e local --stage 30s:10 --stage 1m:50',
  ],
  options: [...PLAN, BY, ...KEPT, SUMMARY_EXPORT, OUT, ...JUDGING, ...HIRING, ...WATCHED, HEADLESS],
  subject: { what: 'the path of one script', such: 'stressrun scripts/predict.ts', isNeeded: true },
  read: ({ word = '', flags, variables, values, uiToken }): Input => ({
    flags: runFlagsOf(word, flags, variables),
    ...keptOf(values),
    ...given({ ui: uiFlagsOf(values, uiToken), summaryExportPath: textOf(values, 'summary-export'), agents: agentWishOf(values) }),
  }),
  async run({ flags, ui, runDir, jsonPath, reports, summaryExportPath, agents }, { output, signals, around }) {
    const input: RunTestInput = { flags, output, signals, around, runDir, ...given({ jsonPath, reports, summaryExportPath, agents }) };
    return ui === undefined ? runUnwatched(input) : runWatched({ ...input, ui });
  },
} as const satisfies Command<'run', Input>;

async function runUnwatched(input: RunTestInput): Promise<number> {
  input.output.starting('loading stressrun');
  startFirstWorker(input);
  const bundling = import('../run/early-bundle.ts').then(({ bundleEarly }) =>
    bundleEarly(resolve(input.around.folder, input.flags.script)),
  );
  const [{ runTest }, { exitCodeOf }] = await Promise.all([import('../run/run-test.ts'), import('../run/test-end.ts'), bundling]);
  return exitCodeOf(await runTest(input));
}

async function runWatched(input: RunUiInput): Promise<number> {
  const { runUi } = await import('./run-ui.ts');
  return runUi(input);
}
