import type { BuildOptions } from 'esbuild';

export declare const workerOptions: BuildOptions;
export declare const guestOptions: BuildOptions;
