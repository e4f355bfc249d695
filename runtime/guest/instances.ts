import { factoryArguments } from './api.ts';
import { current, newVu, setCurrent, type Vu } from './state.ts';

type Factory = (...values: unknown[]) => Record<string, unknown>;

let factory: Factory | undefined;
let parameters: readonly string[] = [];
const vus = new Map<number, Vu>();

/** The script, compiled once: a function that makes one instance of its module. The host's compile step calls this. */
export function defineFactory(compiled: Factory, names: string): void {
  factory = compiled;
  parameters = names.split(',');
}

/** Runs module level for a VU. @throws whatever the script throws there */
export function instantiate(index: number, scenario: number): void {
  const vu = newVu(index, scenario);
  setCurrent(vu);
  vus.set(index, vu);
  if (factory === undefined) throw new Error('no script was compiled');
  vu.exports = factory(...factoryArguments(parameters)) ?? {};
}

export function dispose(index: number): void {
  vus.delete(index);
}

/** Makes a VU the one whose code runs. @returns false when there is no such VU */
export function select(index: number): boolean {
  if (current.index === index) return true;
  const vu = vus.get(index);
  if (vu === undefined) return false;
  setCurrent(vu);
  return true;
}
