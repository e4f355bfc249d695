import type { Option } from '../option.ts';

/** Of whoever speaks to a NATS server. */
const TOKEN: Option = {
  name: 'token',
  kind: 'text',
  value: 'TOKEN',
  description: 'what the NATS server lets one in with; STRESSRUN_TOKEN hides it from others on the machine',
  example: '--token 0f3a…',
};

/** Of a run whose load agents send. */
export const HIRING: readonly Option[] = [
  {
    name: 'agents',
    kind: 'text',
    value: 'N',
    description: 'have N agents send the load; without --nats they are started here, with a nats-server of their own',
    example: '--agents 2',
  },
  {
    name: 'nats',
    kind: 'text',
    value: 'URL',
    description: 'NATS server that agents have joined; needs --agents',
    example: '--nats nats://10.0.0.5:4222 --agents 3',
  },
  TOKEN,
];

/** Of an agent, beside how many workers it is good for. */
export const JOINING: readonly Option[] = [
  {
    name: 'join',
    kind: 'text',
    value: 'URL',
    description: 'NATS server to join; nothing has to reach the agent itself',
    example: '--join nats://10.0.0.5:4222',
    isFlagOnly: true,
  },
  TOKEN,
  { name: 'one-run', kind: 'switch', description: 'leave after a run; else wait for the next one', example: '--one-run', isFlagOnly: true },
];

/** Of a NATS server of our own. */
export const BROKER: readonly Option[] = [
  {
    name: 'listen',
    kind: 'text',
    value: 'HOST:PORT',
    description: 'where the NATS server listens; else 0.0.0.0:4222',
    example: '--listen 10.0.0.5:4222',
    isFlagOnly: true,
  },
  {
    name: 'tls-cert',
    kind: 'text',
    value: 'FILE',
    description: 'certificate of the NATS server, PEM: what goes over it is encrypted',
    example: '--tls-cert nats.crt --tls-key nats.key',
    isFlagOnly: true,
  },
  {
    name: 'tls-key',
    kind: 'text',
    value: 'FILE',
    description: 'key of that certificate, PEM',
    example: '--tls-cert nats.crt --tls-key nats.key',
    isFlagOnly: true,
  },
];
