import { expect, test } from 'vitest';
import { type ClusterFlags, clusterSettingsOf } from '../../../../runtime/commands/k8s/cluster-settings.ts';

test('without flags: this version of the image, namespace stressrun, files in ConfigMaps', () => {
  expect(clusterSettingsOf({}, '0.2.0')).toEqual({
    image: 'stressrun:0.2.0',
    namespace: 'stressrun',
    targetPods: undefined,
    targetPort: undefined,
    resultsClaim: undefined,
    files: 'configmap',
  });
});

test.each<[ClusterFlags]>([
  [{ image: 'registry.example.com:5000/team/stressrun:1.2.0' }],
  [{ image: `stressrun@sha256:${'a'.repeat(64)}` }],
  [{ targetPods: 'app.kubernetes.io/name=inference, tier=api' }],
  [{ targetPort: '65535' }],
])('%o is taken', (flags) => {
  expect(() => clusterSettingsOf(flags, '0.2.0')).not.toThrow();
});

test.each<[ClusterFlags, string]>([
  [{ namespace: 'Load' }, '--namespace'],
  [{ namespace: 'a'.repeat(64) }, '--namespace'],
  [{ image: 'Stress Run' }, '--image'],
  [{ image: 'stressrun:' }, '--image'],
  [{ targetPods: 'inference' }, '--target-pods'],
  [{ targetPods: 'app=a=b' }, '--target-pods'],
  [{ targetPort: '0' }, '--target-port'],
  [{ targetPort: '8e3' }, '--target-port'],
  [{ resultsClaim: 'My Claim' }, '--results-claim'],
  [{ files: 'volume' }, '--files'],
])('%o is refused, naming %s and what came', (flags, where) => {
  expect(() => clusterSettingsOf(flags, '0.2.0')).toThrow(`${where}: expected`);
});
