/**
 * The only two doors out of the sandbox, taken from the globals once and then removed from them.
 * Both take and give numbers and strings only.
 */
type Ask = (kind: number, number: number, text: string) => string | number;
type Register = (enter: (frame: string) => string) => void;

const outside = globalThis as unknown as { __stressrunAsk: Ask; __stressrunRegister: Register };

/** Asks the host something that it can answer at once; about 1.5 µs. */
export const ask: Ask = outside.__stressrunAsk;
/** Hands the host the one function by which it enters the sandbox. */
export const register: Register = outside.__stressrunRegister;

export function askText(kind: number, number: number, text: string): string {
  return String(ask(kind, number, text));
}

/** Removes the doors from the globals: scripts never see them. */
export function closeDoors(): void {
  for (const name of ['__stressrunAsk', '__stressrunRegister']) Reflect.deleteProperty(globalThis, name);
}
