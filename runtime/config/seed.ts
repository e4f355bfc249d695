import { randomBytes } from 'node:crypto';
import { wholeFlag } from './flag-values.ts';

const SEED_MAX = 4_294_967_295;

/** The seed of all random choices of a run: as given by `--seed`, else any. @returns 32 bits, unsigned @throws {ConfigError} */
export function seedOf(given: string | undefined): number {
  return given === undefined ? randomBytes(4).readUInt32LE() : wholeFlag('--seed', given, { what: 'a 32-bit seed', min: 0, max: SEED_MAX });
}
