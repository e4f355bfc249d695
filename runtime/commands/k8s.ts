import type { RunFlags } from '../config/flags.ts';
import type { Command } from './command.ts';
import type { ClusterFlags } from './k8s/cluster-settings.ts';
import { CLUSTER } from './options/cluster.ts';
import { JUDGING } from './options/judging.ts';
import { PLAN } from './options/plan.ts';
import { runFlagsOf } from './run-flags.ts';
import { given, textOf } from './typed-values.ts';

type Input = { readonly flags: RunFlags; readonly cluster: ClusterFlags };

/** The manifests of a run. */
export const k8s = {
  name: 'k8s',
  usage: 'stressrun k8s <script> [flags]',
  does: 'print the Kubernetes manifests that run this load test as a Job',
  examples: ['stressrun k8s scripts/predict.ts -e k8s -p load --target-pods app=inference'],
  options: [...PLAN, ...JUDGING, ...CLUSTER],
  subject: { what: 'the path of one script', such: 'stressrun k8s scripts/predict.ts', isNeeded: true },
  read: ({ word = '', flags, variables, values }): Input => ({
    flags: runFlagsOf(word, flags, variables),
    cluster: given({
      image: textOf(values, 'image'),
      namespace: textOf(values, 'namespace'),
      targetPods: textOf(values, 'target-pods'),
      targetPort: textOf(values, 'target-port'),
      resultsClaim: textOf(values, 'results-claim'),
      files: textOf(values, 'files'),
    }),
  }),
  async run({ flags, cluster }, { output, signals, around }) {
    const { printManifests } = await import('./k8s/print-manifests.ts');
    return printManifests({ flags, cluster, output, signals, around });
  },
} as const satisfies Command<'k8s', Input>;
