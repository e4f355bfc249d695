/** Of the package's build, not of what it builds: no room's import. */
type BuildOptions = import('esbuild').BuildOptions;

export declare const workerOptions: BuildOptions;
export declare const guestOptions: BuildOptions;
