import type { Command } from './command.ts';
import type { AgentFlags } from './inputs.ts';
import { JOINING } from './options/agents.ts';
import { WORKERS } from './options/plan.ts';
import { given, switchOf, textOf } from './typed-values.ts';

type Input = { readonly flags: AgentFlags };

/** A machine that lends its processors to runs elsewhere. */
export const agent = {
  name: 'agent',
  usage: 'stressrun agent --join URL [flags]',
  does: "lend this machine's processors to load tests that are run elsewhere",
  examples: ['stressrun agent --join nats://10.0.0.5:4222 --token 0f3a…'],
  options: [...JOINING, WORKERS],
  subject: undefined,
  read: ({ values }): Input => ({
    flags: given({
      join: textOf(values, 'join'),
      token: textOf(values, 'token'),
      workers: textOf(values, 'workers'),
      isOneRun: switchOf(values, 'one-run'),
    }),
  }),
  async run({ flags }, { output, signals, around }) {
    const { runAgent } = await import('./run-agent.ts');
    return runAgent({ flags, output, signals, around });
  },
} as const satisfies Command<'agent', Input>;
