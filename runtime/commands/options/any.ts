import type { Option } from '../option.ts';

/** What every command takes. */
export const ANY: readonly Option[] = [
  { name: 'quiet', kind: 'switch', description: 'no live progress', example: '--quiet' },
  { name: 'no-color', kind: 'switch', description: 'no colors; so does the variable NO_COLOR', example: '--no-color' },
  { name: 'version', kind: 'switch', description: 'print the version', example: '--version', isFlagOnly: true },
  {
    name: 'help',
    alias: 'h',
    kind: 'switch',
    description: 'print the help of a command',
    example: '--help',
    isFlagOnly: true,
  },
];
