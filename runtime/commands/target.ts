import type { Command } from './command.ts';
import type { TargetFlags } from './inputs.ts';
import { SEED } from './options/plan.ts';
import { INFERENCE, LISTENING } from './options/target.ts';
import { given, switchOf, textOf } from './typed-values.ts';

type Input = { readonly flags: TargetFlags };

/** The built-in inference server. */
export const target = {
  name: 'target',
  usage: 'stressrun target [flags]',
  does: 'start the built-in inference server, to try things on',
  examples: ['stressrun target --port 8000 --latency 80ms --slots 4'],
  options: [...LISTENING, ...INFERENCE, SEED],
  subject: undefined,
  read: ({ values }): Input => ({
    flags: given({
      port: textOf(values, 'port'),
      host: textOf(values, 'host'),
      latency: textOf(values, 'latency'),
      slots: textOf(values, 'slots'),
      queue: textOf(values, 'queue'),
      errorRate: textOf(values, 'error-rate'),
      coldStart: textOf(values, 'cold-start'),
      seed: textOf(values, 'seed'),
      serverTiming: switchOf(values, 'server-timing')?.toString(),
    }),
  }),
  async run({ flags }, { output, signals }) {
    const { runTarget } = await import('./run-target.ts');
    return runTarget({ flags, output, signals });
  },
} as const satisfies Command<'target', Input>;
