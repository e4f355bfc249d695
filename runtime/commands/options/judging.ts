import type { Option } from '../option.ts';

export const STRICT: Option = {
  name: 'strict',
  kind: 'switch',
  description: 'make errors of warnings, and what may be chance inconclusive',
  example: '--strict',
};

/** What may be loaded, what is shown of it, and how strictly it is judged. */
export const JUDGING: readonly Option[] = [
  {
    name: 'http-debug',
    kind: 'optional',
    value: 'failed',
    bare: 'all',
    description: 'print requests and answers; with =failed only those that failed',
    example: '--http-debug=failed',
  },
  {
    name: 'allow-production',
    kind: 'list',
    value: 'NAME',
    description: 'allow load on this production environment or public host (may be repeated)',
    example: '--allow-production prod',
  },
  {
    name: 'on-inconclusive',
    kind: 'text',
    value: 'fail|warn',
    description: 'what an inconclusive run exits with: 111 or 0',
    example: '--on-inconclusive warn',
  },
  STRICT,
];
