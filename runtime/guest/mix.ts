import { deckOf, deckStartOf } from '../core/deck.ts';
import { TO_HOST } from '../core/mailbox.ts';
import { nameId, write } from './outbox.ts';
import { settings, type Vu } from './state.ts';

type Task = (data?: unknown) => unknown;

/** Marks the function that mix() returns, so that its tasks can be listed and run one by one. */
const mixOf = new WeakMap<object, { tasks: Record<string, Task>; weights: Record<string, number> }>();
const decks = new Map<string, string[]>();

/** @see script API: draws one of the tasks per iteration, in the exact proportions of the weights */
function mix(vu: Vu, tasks: Record<string, Task>, weights: Record<string, number>): (data?: unknown) => Promise<void> {
  requireSameKeys(Object.keys(tasks), Object.keys(weights ?? {}));
  for (const [name, task] of Object.entries(tasks))
    if (typeof task !== 'function') throw new TypeError(`mix: task ${JSON.stringify(name)}: expected a function; got ${typeof task}`);
  for (const [name, weight] of Object.entries(weights))
    if (typeof weight !== 'number' || !Number.isFinite(weight) || weight < 0)
      throw new RangeError(`mix: weight of ${JSON.stringify(name)}: expected a number, 0 or more; got ${String(weight)}`);
  const key = JSON.stringify(weights);
  let deck = decks.get(key);
  if (deck === undefined) {
    deck = deckOf(weights, settings.seed);
    decks.set(key, deck);
  }
  const cards = deck;
  if (cards.length === 0) throw new RangeError('mix: at least one weight must be above 0');
  const draw = async (data?: unknown): Promise<void> => {
    const place =
      (deckStartOf(cards.length, vu.startIndex < 0 ? Math.max(0, vu.index) : vu.scenario, settings.seed) + vu.which) % cards.length;
    await runTask(vu, tasks, cards[place] as string, data);
  };
  mixOf.set(draw, { tasks, weights: { ...weights } });
  return draw;
}

/** `mix` of one virtual user. */
export function makeMix(vu: Vu) {
  return (tasks: Record<string, Task>, weights: Record<string, number>): ((data?: unknown) => Promise<void>) => mix(vu, tasks, weights);
}

/** Runs one task under its name, as the mix does. */
export async function runTask(vu: Vu, tasks: Record<string, Task>, name: string, data: unknown): Promise<void> {
  write(vu, TO_HOST.task, `${nameId(name)},`);
  await (tasks[name] as Task)(data);
}

/** The tasks behind a function that mix() made; undefined for another. */
export function mixedTasks(value: unknown): Record<string, Task> | undefined {
  return typeof value === 'function' ? mixOf.get(value)?.tasks : undefined;
}

/** Their weights, by name; undefined for another function. */
export function mixedWeights(value: unknown): Record<string, number> | undefined {
  return typeof value === 'function' ? mixOf.get(value)?.weights : undefined;
}

function requireSameKeys(tasks: readonly string[], weights: readonly string[]): void {
  const noWeight = tasks.filter((name) => !weights.includes(name));
  const noTask = weights.filter((name) => !tasks.includes(name));
  if (noWeight.length === 0 && noTask.length === 0) return;
  const list = (names: readonly string[]): string => (names.length === 0 ? 'none' : names.join(', '));
  const error = new TypeError(
    `mix: tasks and weights must have the same names. Tasks: ${list(tasks)}. Weights: ${list(weights)}. Without a weight: ${list(noWeight)}. Without a task: ${list(noTask)}`,
  );
  error.name = 'MixError'; // bad input (104), not a fault of the script's logic (107)
  throw error;
}
