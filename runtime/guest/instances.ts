import { factoryArguments } from './api.ts';
import { newVu, type Vu } from './state.ts';

type Factory = (...values: unknown[]) => Record<string, unknown>;

let factory: Factory | undefined;
let parameters: readonly string[] = [];
const vus = new Map<number, Vu>();

const DEFINE = '__stressrunDefine';

/** Puts the seat for the script into the globals: the host's compile step calls it once, and then it is gone. */
export function openForScript(): void {
  Object.defineProperty(globalThis, DEFINE, { value: defineFactory, enumerable: false, writable: false, configurable: true });
}

/** The script, compiled once: a function that makes one instance of its module. */
function defineFactory(compiled: Factory, names: string): void {
  Reflect.deleteProperty(globalThis, DEFINE);
  factory = compiled;
  parameters = names.split(',');
}

/** Runs module level for a VU. @throws whatever the script throws there */
export function instantiate(vu: Vu): void {
  if (factory === undefined) throw new Error('no script was compiled');
  vu.exports = factory(...factoryArguments(vu, parameters)) ?? {};
}

/** A VU without an instance; one that was there under this number is forgotten. */
export function addVu(index: number, scenario: number): Vu {
  const vu = newVu(index, scenario);
  vus.set(index, vu);
  return vu;
}

export function findVu(index: number): Vu | undefined {
  return vus.get(index);
}
