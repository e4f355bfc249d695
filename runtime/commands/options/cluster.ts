import type { Option } from '../option.ts';

/** What the manifests of a Job need to know. */
export const CLUSTER: readonly Option[] = [
  {
    name: 'image',
    kind: 'text',
    value: 'IMAGE',
    description: 'container image; else stressrun and this version',
    example: '--image registry.example.com/stressrun:0.2.0',
  },
  {
    name: 'namespace',
    kind: 'text',
    value: 'NAME',
    description: 'namespace of the Job; else stressrun',
    example: '--namespace load-tests',
  },
  {
    name: 'target-pods',
    kind: 'text',
    value: 'KEY=VALUE,…',
    description: "labels of the target's pods: load may go to these alone",
    example: '--target-pods app=inference',
  },
  {
    name: 'target-port',
    kind: 'text',
    value: 'N',
    description: "port of the target's pods; else that of the URL",
    example: '--target-port 8000',
  },
  {
    name: 'results-claim',
    kind: 'text',
    value: 'NAME',
    description: 'PersistentVolumeClaim for run folders; else the log has run.json',
    example: '--results-claim stressrun-results',
  },
  {
    name: 'files',
    kind: 'text',
    value: 'WHERE',
    description: 'where script and config are: configmap; secret, with data and pictures in a Secret; or image (below /project)',
    example: '--files image',
  },
];

/** Of a new repository. */
export const PACKAGE: Option = {
  name: 'package',
  kind: 'text',
  value: 'SPEC',
  description: 'what npm installs stressrun from; else what this one came from',
  example: '--package stressrun@0.2.0',
};
