import { resolve } from 'node:path';
import type { Commands } from '../commands/inputs.ts';
import { startFirstWorker } from '../run/early-worker.ts';

/** The commands, each loaded when it is asked for: `--help` waits for neither esbuild nor sharp. */
export const lazyCommands: Commands = {
  async runTest(input) {
    input.output.starting('loading stressrun');
    startFirstWorker(input);
    const bundling = import('../run/early-bundle.ts').then(({ bundleEarly }) =>
      bundleEarly(resolve(input.around.folder, input.flags.script)),
    );
    const [{ runTest }, { exitCodeOf }] = await Promise.all([import('../run/run-test.ts'), import('../run/test-end.ts'), bundling]);
    return exitCodeOf(await runTest(input));
  },
  async runUi(input) {
    const { runUi } = await import('../commands/run-ui.ts');
    return runUi(input);
  },
  async checkScript(input) {
    const { checkScript } = await import('../commands/check-script.ts');
    return checkScript(input);
  },
  async reportRun(input) {
    const { reportRun } = await import('../commands/report-run.ts');
    return reportRun(input);
  },
  async runTarget(input) {
    const { runTarget } = await import('../commands/run-target.ts');
    return runTarget(input);
  },
  async initProject(input) {
    const { initProject } = await import('../commands/init/init-project.ts');
    return initProject(input);
  },
  async printManifests(input) {
    const { printManifests } = await import('../commands/k8s/print-manifests.ts');
    return printManifests(input);
  },
};
