import type { RunSurroundings } from '../../runtime/run/output.ts';

/** The surroundings of this process, as the command line gives them. */
export const HERE: RunSurroundings = { variables: process.env, folder: process.cwd(), nowMs: Date.now };
