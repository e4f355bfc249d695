import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { manifestsOf } from '../../../runtime/commands/k8s/manifests.ts';
import { kustomize } from '../../support/deploy/kustomize.ts';
import { crossFieldProblems, type Manifest } from '../../support/deploy/manifest-rules.ts';
import { schemaProblems, unknownFields } from '../../support/deploy/manifest-schemas.ts';

const FOLDER = resolve(import.meta.dirname, '../../../deploy/kubernetes');
const overlay = (name: string): Manifest[] => kustomize(join(FOLDER, 'overlays', name));
const jobIn = (manifests: Manifest[]): Manifest => manifests.find(({ kind }) => kind === 'Job');

/** As it is read back: nothing is shared between two places. */
const printed = (): Manifest[] =>
  JSON.parse(
    JSON.stringify(
      manifestsOf({
        title: 'predict-smoke',
        settings: {
          image: 'x',
          namespace: 'stressrun',
          targetPods: undefined,
          targetPort: undefined,
          resultsClaim: undefined,
          files: 'configmap',
        },
        target: {
          baseUrl: undefined,
          needsNodeIp: false,
          egress: [{ to: [{ ipBlock: { cidr: '10.0.0.1/32' } }], ports: [{ protocol: 'TCP', port: 8000 }] }],
          notes: [],
        },
        arguments: ['/project/predict.ts', '--run-dir', '/results'],
        files: [{ path: 'predict.ts', key: 'predict.ts', bytes: Buffer.from('export default () => {};\n'), isText: true }],
        config: { path: 'config.yaml', key: 'config.yaml', bytes: Buffer.from('{}\n'), isText: true },
        variables: [],
        workers: 2,
        deadlineS: 600,
      }),
    ),
  );

test.each([
  ['the overlay smoke', () => overlay('smoke')],
  ['the overlay load', () => overlay('load')],
  ['what stressrun k8s prints', printed],
])('%s is valid: 4 objects, by schema, by type and by 25 rules of ours', (_, make) => {
  const manifests = make();
  expect(manifests.map(({ kind }) => kind).sort()).toEqual(['ConfigMap', 'ConfigMap', 'Job', 'NetworkPolicy']);
  expect(schemaProblems(manifests)).toEqual([]);
  expect(unknownFields(manifests)).toEqual([]);
  expect(crossFieldProblems(manifests)).toEqual([]);
});

/** A mistake, and the words that must be said about it. */
const MISTAKES: [string, (manifests: Manifest[]) => void, RegExp][] = [
  ['a Job without a template', (all) => delete jobIn(all).spec.template, /template/],
  ['a container without a name', (all) => delete jobIn(all).spec.template.spec.containers[0].name, /name/],
  ['a field in the wrong case', (all) => Object.assign(jobIn(all).spec, { backofflimit: 1 }), /backofflimit/],
  [
    'a quantity that is none',
    (all) => Object.assign(jobIn(all).spec.template.spec.containers[0].resources.limits, { memory: 'much' }),
    /memory/,
  ],
  [
    'restartPolicy OnFailure',
    (all) => Object.assign(jobIn(all).spec.template.spec, { restartPolicy: 'OnFailure' }),
    /restartPolicy is OnFailure/,
  ],
  ['backoffLimit 3', (all) => Object.assign(jobIn(all).spec, { backoffLimit: 3 }), /backoffLimit is 3/],
  [
    'a verdict that is asked for again',
    (all) => jobIn(all).spec.podFailurePolicy.rules[0].onExitCodes.values.shift(),
    /exit code 99 is not final/,
  ],
  [
    'a pass among the failures',
    (all) => jobIn(all).spec.podFailurePolicy.rules[0].onExitCodes.values.push(0),
    /exit code 0 is listed wrongly/,
  ],
  [
    'a rule for a container that is not there',
    (all) => Object.assign(jobIn(all).spec.podFailurePolicy.rules[0].onExitCodes, { containerName: 'x' }),
    /no container x/,
  ],
  ['an action that does not exist', (all) => Object.assign(jobIn(all).spec.podFailurePolicy.rules[1], { action: 'Retry' }), /Retry|action/],
  ['a volume that is not mounted from anywhere', (all) => jobIn(all).spec.template.spec.volumes.pop(), /no volume tmp/],
  [
    'a ConfigMap that is not there',
    (all) =>
      all.splice(
        all.findIndex(({ kind }) => kind === 'ConfigMap'),
        1,
      ),
    /no ConfigMap/,
  ],
  [
    'a key that the ConfigMap does not have',
    (all) => delete all.find(({ data }) => data?.['predict.ts'])?.data['predict.ts'],
    /has no key predict.ts/,
  ],
  [
    'a ConfigMap over 1 MiB',
    (all) => Object.assign(all.find(({ kind }) => kind === 'ConfigMap').data, { big: 'x'.repeat(1_048_577) }),
    /over 1 MiB/,
  ],
  ['root', (all) => Object.assign(jobIn(all).spec.template.spec.securityContext, { runAsUser: 0 }), /may run as root/],
  [
    'a writable root file system',
    (all) => delete jobIn(all).spec.template.spec.containers[0].securityContext.readOnlyRootFilesystem,
    /is writable/,
  ],
  [
    'capabilities that are kept',
    (all) => delete jobIn(all).spec.template.spec.containers[0].securityContext.capabilities,
    /keeps capabilities/,
  ],
  [
    'requests over limits',
    (all) => Object.assign(jobIn(all).spec.template.spec.containers[0].resources.requests, { memory: '4Gi' }),
    /more memory than its limit/,
  ],
  [
    'a policy for other pods',
    (all) => Object.assign(all.find(({ kind }) => kind === 'NetworkPolicy').spec.podSelector.matchLabels, { app: 'x' }),
    /other pods/,
  ],
  ['egress to anywhere', (all) => delete all.find(({ kind }) => kind === 'NetworkPolicy').spec.egress[1].to, /allows all/],
  ['no DNS', (all) => all.find(({ kind }) => kind === 'NetworkPolicy').spec.egress.shift(), /no DNS/],
  [
    'no policy at all',
    (all) =>
      all.splice(
        all.findIndex(({ kind }) => kind === 'NetworkPolicy'),
        1,
      ),
    /without a NetworkPolicy/,
  ],
  [
    'a variable that is not set',
    (all) => jobIn(all).spec.template.spec.containers[0].args.push('http://$(NODE_IP):1'),
    /\$\(NODE_IP\) is not set/,
  ],
  ['a name with capitals', (all) => Object.assign(jobIn(all).metadata, { name: 'Smoke' }), /"Smoke" is none/],
];

test.each(MISTAKES)('%s is found', (_, spoil, words) => {
  const manifests = printed();
  spoil(manifests);
  const isTyped = jobIn(manifests)?.spec.backofflimit !== undefined || jobIn(manifests)?.spec.podFailurePolicy.rules[1]?.action === 'Retry';
  const problems = [...schemaProblems(manifests), ...(isTyped ? unknownFields(manifests) : [])];
  const all = problems.length > 0 ? problems : crossFieldProblems(manifests);
  expect(all.join('\n')).toMatch(words);
});

test('the base is what stressrun k8s prints: the same pod, policy and failure rules, but for names, image and what is filled in', () => {
  const [base, ours] = [kustomize(join(FOLDER, 'base')), printed()].map(jobIn);
  const neutral = ({ spec }: Manifest): Manifest => {
    const { template, activeDeadlineSeconds: _, ...rest } = spec;
    const { containers, volumes, ...pod } = template.spec;
    const { args: _args, image: _image, ...container } = containers[0];
    const kinds = volumes.map(({ name, ...volume }: Manifest) => [name, Object.keys(volume)]);
    return { rest, pod, container, kinds };
  };
  expect(neutral(base)).toEqual(neutral(ours));
});

test('the load overlay runs profile load on 4 workers with 4 CPUs, and its script is scripts/predict.ts', () => {
  const { args, resources, image } = jobIn(overlay('load')).spec.template.spec.containers[0];
  expect(args.slice(0, 7)).toEqual(['/project/predict.ts', '--env', 'k8s', '--profile', 'load', '--workers', '4']);
  expect([resources.requests.cpu, image]).toEqual(['4', 'registry.example.com/stressrun:0.2.0']);
  const script = readFileSync(join(FOLDER, 'base/predict.ts'), 'utf8');
  expect(script).toBe(readFileSync(resolve(FOLDER, '../../scripts/predict.ts'), 'utf8'));
});

test('the profiles of the base are those of config.yaml', () => {
  const profiles = (path: string): Manifest => parse(readFileSync(path, 'utf8')).test_profiles;
  expect(profiles(resolve(FOLDER, '../../config.yaml'))).toMatchObject(profiles(join(FOLDER, 'base/config.yaml')));
});
