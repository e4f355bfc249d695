import type { Option } from '../option.ts';

/** Where a server of ours listens. */
export const LISTENING: readonly Option[] = [
  {
    name: 'port',
    kind: 'text',
    value: 'N',
    description: 'port to listen on; else 8000, of the web UI 8089; 0 takes a free one',
    example: '--port 8000',
  },
  {
    name: 'host',
    kind: 'text',
    value: 'ADDRESS',
    description: 'address to listen on; else 127.0.0.1',
    example: '--host 0.0.0.0',
  },
];

/** How the built-in server answers. */
export const INFERENCE: readonly Option[] = [
  {
    name: 'latency',
    kind: 'text',
    value: 'TIME',
    description: 'service time of a prediction',
    example: '--latency 80ms',
  },
  {
    name: 'slots',
    kind: 'text',
    value: 'N',
    description: 'predictions at once; else without limit',
    example: '--slots 4',
  },
  {
    name: 'queue',
    kind: 'text',
    value: 'N',
    description: 'predictions that may wait for a slot; more get 503',
    example: '--queue 16',
  },
  {
    name: 'error-rate',
    kind: 'text',
    value: 'SHARE',
    description: 'share of predictions that fail with 500',
    example: '--error-rate 1%',
  },
  {
    name: 'cold-start',
    kind: 'text',
    value: 'TIME',
    description: 'unhealthy this long after the start',
    example: '--cold-start 5s',
  },
  {
    name: 'server-timing',
    kind: 'switch',
    description: 'send a Server-Timing header with each prediction',
    example: '--server-timing',
  },
];
