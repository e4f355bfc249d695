import { expect, test } from 'vitest';
import { clusterSettingsOf } from '../../../../runtime/commands/k8s/cluster-settings.ts';
import { podTargetOf } from '../../../../runtime/commands/k8s/pod-target.ts';
import type { EnvironmentPlan } from '../../../../runtime/core/plan.ts';

const environment = (baseUrl: string): EnvironmentPlan => ({ name: 'k8s', baseUrl, target: 'remote' }) as EnvironmentPlan;
const settings = clusterSettingsOf({ targetPods: 'app=inference,tier=api', targetPort: '8080' }, '0.2.0');

test('a service is its pods in its namespace, on the port that they listen on', async () => {
  const { baseUrl, egress, notes } = await podTargetOf(environment('http://inference.shop.svc.cluster.local'), settings);
  expect([baseUrl, notes]).toEqual([undefined, []]);
  expect(egress).toEqual([
    {
      to: [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } },
          podSelector: { matchLabels: { app: 'inference', tier: 'api' } },
        },
      ],
      ports: [{ protocol: 'TCP', port: 8080 }],
    },
  ]);
});

test('without labels and port, 2 notes say how wide the policy is; a name without a dot is in the namespace of the Job', async () => {
  const { egress, notes } = await podTargetOf(environment('http://inference:8000'), clusterSettingsOf({ namespace: 'load' }, '0.2.0'));
  expect(notes).toHaveLength(2);
  expect(egress[0]).toMatchObject({
    to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'load' } }, podSelector: {} }],
  });
});

test('a NodePort on localhost becomes that of the node, with its path', async () => {
  const { baseUrl, needsNodeIp, egress } = await podTargetOf(environment('http://localhost:30080/v1/'), settings);
  expect([baseUrl, needsNodeIp]).toEqual(['http://$(NODE_IP):30080/v1', true]);
  expect(egress[0]?.ports).toEqual([{ protocol: 'TCP', port: 30080 }]);
});

test.each([
  ['http://10.1.2.3', '10.1.2.3/32', 80],
  ['https://10.1.2.3', '10.1.2.3/32', 443],
  ['http://[2001:db8::1]:8000', '2001:db8::1/128', 8000],
])('%s is allowed by its address %s and port %d', async (url, cidr, port) => {
  expect((await podTargetOf(environment(url), settings)).egress).toEqual([
    { to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port }] },
  ]);
});

test.each([
  'http://localhost:8000',
  'http://127.0.0.1:8000',
  'http://[::1]:8000',
  'http://localhost:32768',
  'http://host.docker.internal:30080',
])('%s is refused with the remedy', async (url) => {
  await expect(podTargetOf(environment(url), settings)).rejects.toMatchObject({
    code: 'SR_CONFIG',
    message: expect.stringContaining('which in a pod is the pod itself'),
    hint: expect.stringContaining('--base-url http://SERVICE.NAMESPACE.svc'),
  });
});

test('a name that hosts of the environment says is allowed by its addresses and ports there', async () => {
  const hosts = [{ name: 'api.test', isBelow: false, places: [{ address: '10.1.2.3', port: 8443 }, { address: 'fd00::1' }] }];
  expect(await podTargetOf({ ...environment('https://api.test'), hosts }, settings)).toMatchObject({
    egress: [
      { to: [{ ipBlock: { cidr: '10.1.2.3/32' } }], ports: [{ protocol: 'TCP', port: 8443 }] },
      { to: [{ ipBlock: { cidr: 'fd00::1/128' } }], ports: [{ protocol: 'TCP', port: 443 }] },
    ],
    notes: [],
  });
});

test('behind a proxy the pod may send to the proxy, unless the target is asked without it', async () => {
  const proxy = { https: { url: 'http://10.9.9.9:3128' }, bypass: ['10.0.0.0/16'] };
  const egressTo = async (url: string) => (await podTargetOf({ ...environment(url), proxy }, settings)).egress;
  expect(await egressTo('https://api.test')).toEqual([
    { to: [{ ipBlock: { cidr: '10.9.9.9/32' } }], ports: [{ protocol: 'TCP', port: 3128 }] },
  ]);
  expect(await egressTo('https://10.0.1.2')).toEqual([
    { to: [{ ipBlock: { cidr: '10.0.1.2/32' } }], ports: [{ protocol: 'TCP', port: 443 }] },
  ]);
});

test('a Unix socket is refused: a pod has none of this machine', async () => {
  const target = { ...environment('http://model'), socketPath: '/run/model.sock' };
  await expect(podTargetOf(target, settings)).rejects.toThrow(
    /unix_socket: expected no socket, as a pod has none of those of this machine/,
  );
});
