/** `using` is lowered when a script is bundled, but its symbols must be there: Node 20 has none in a sandbox. Before the world is locked down. */
export function addDisposal(): void {
  for (const name of ['dispose', 'asyncDispose'])
    if (!(name in Symbol)) Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`), enumerable: false });
}
