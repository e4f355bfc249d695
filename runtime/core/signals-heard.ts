/** A signal that waits is heard in the first turn or in the one after it. */
const TURNS = 2;

/**
 * Resolves when the signals that have reached this process by now have been heard. A terminal's Ctrl-C reaches its children as well: what they died of must be
 * known before their death is told as an error.
 */
export async function signalsHeard(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}
