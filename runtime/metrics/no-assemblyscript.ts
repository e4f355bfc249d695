/** Stands in for `@assemblyscript/loader` in the worker: its histograms are the JavaScript ones, and the real one dies under `--frozen-intrinsics`. */
export function instantiate(): never {
  throw new Error('WebAssembly histograms are not part of the worker');
}
