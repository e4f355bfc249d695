import type { Command } from './command.ts';
import type { InitProjectInput } from './inputs.ts';
import { PACKAGE } from './options/cluster.ts';
import { given, textOf } from './typed-values.ts';

type Input = Omit<InitProjectInput, 'output'>;

/** A repository for load tests. */
export const init = {
  name: 'init',
  usage: 'stressrun init [dir] [flags]',
  does: 'make a repository for load tests: a script, config.yaml, types for the editor, workflows; nothing is overwritten',
  examples: ['stressrun init shop-tests'],
  options: [PACKAGE],
  subject: { what: 'one folder', such: 'stressrun init shop-tests', isNeeded: false },
  read: ({ word = '.', values }): Input => ({ folder: word, ...given({ packageSpec: textOf(values, 'package') }) }),
  async run({ folder, packageSpec }, { output }) {
    const { initProject } = await import('./init/init-project.ts');
    return initProject({ folder, output, ...given({ packageSpec }) });
  },
} as const satisfies Command<'init', Input>;
