import { CHUNKED } from './chunked.ts';
import { FRAMING } from './framing.ts';
import { HEADS } from './heads.ts';
import type { WireCase } from './wire-case.ts';

export const ALL_CASES: readonly WireCase[] = [...FRAMING, ...CHUNKED, ...HEADS];
