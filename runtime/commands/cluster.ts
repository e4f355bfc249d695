import type { Command } from './command.ts';
import type { ClusterUpFlags } from './inputs.ts';
import { BROKER } from './options/agents.ts';
import { given, textOf } from './typed-values.ts';

type Input = { readonly flags: ClusterUpFlags };

/** What agents and runs meet at. */
export const cluster = {
  name: 'cluster',
  usage: 'stressrun cluster up [flags]',
  does: 'start a NATS server for agents, and print what they and a run need to meet there',
  examples: ['stressrun cluster up --listen 10.0.0.5:4222'],
  options: BROKER,
  subject: { what: 'what to do', such: 'stressrun cluster up', isNeeded: true },
  read: ({ word = '', values }): Input => ({
    flags: {
      word,
      ...given({ listen: textOf(values, 'listen'), tlsCert: textOf(values, 'tls-cert'), tlsKey: textOf(values, 'tls-key') }),
    },
  }),
  async run({ flags }, { output, signals, around }) {
    const { runClusterUp } = await import('./run-cluster-up.ts');
    return runClusterUp({ flags, output, signals, around });
  },
} as const satisfies Command<'cluster', Input>;
