import type { BuildOptions, Plugin } from 'esbuild';

export declare const workerOptions: BuildOptions;
export declare const clientOfUndici: Plugin;
export declare const guestOptions: BuildOptions;
