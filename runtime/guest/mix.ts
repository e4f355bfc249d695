import { deckOf, deckStartOf } from '../core/deck.ts';
import { TO_HOST } from '../core/mailbox.ts';
import { nameId, write } from './outbox.ts';
import { settings, type Vu } from './state.ts';

type Task = (data?: unknown) => unknown;

/** Marks the function that mix() returns, so that its tasks can be listed and run one by one. */
const mixOf = new WeakMap<object, { tasks: Record<string, Task>; weights: Record<string, number> }>();
const decks = new Map<string, string[]>();

/** @see script API: draws one of the tasks per iteration, in the exact proportions of the weights */
function mix(
  vu: Vu,
  all: Record<string, Task>,
  { weights: given, tags }: { weights: Record<string, number>; tags: TaskTags },
): (data?: unknown) => Promise<void> {
  requireSameKeys(Object.keys(all), Object.keys(given ?? {}));
  const names = wantedTasks(Object.keys(all), tags);
  const tasks = Object.fromEntries(names.map((name) => [name, all[name] as Task]));
  const weights = Object.fromEntries(Object.entries(given).filter(([name]) => names.includes(name)));
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
  return (
    tasks: Record<string, Task>,
    weights: Record<string, number>,
    options: { tags?: TaskTags } = {},
  ): ((data?: unknown) => Promise<void>) => mix(vu, tasks, { weights, tags: options.tags ?? {} });
}

type TaskTags = Readonly<Record<string, string | readonly string[]>>;

/** What `--tags` and `--exclude-tags` leave. @throws MixError when that is nothing */
function wantedTasks(names: readonly string[], tags: TaskTags): readonly string[] {
  for (const name of Object.keys(tags))
    if (!names.includes(name)) throw new MixError(`mix: tags: expected names of tasks, ${names.join(', ')}; got ${JSON.stringify(name)}`);
  const { only, except } = settings.taskTags;
  if (only.length === 0 && except.length === 0) return names;
  const tagsOf = (name: string): readonly string[] => [tags[name] ?? []].flat();
  const isOneOf = (name: string, list: readonly string[]): boolean => tagsOf(name).some((tag) => list.includes(tag));
  const wanted = names.filter((name) => (only.length === 0 || isOneOf(name, only)) && !isOneOf(name, except));
  if (wanted.length > 0) return wanted;
  const known = [...new Set(names.flatMap(tagsOf))];
  const asked = [
    ...(only.length === 0 ? [] : [`--tags ${only.join(',')}`]),
    ...(except.length === 0 ? [] : [`--exclude-tags ${except.join(',')}`]),
  ];
  throw new MixError(`mix: ${asked.join(' ')} leaves no task; tags are ${known.length === 0 ? 'none' : known.join(', ')}`);
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
  throw new MixError(
    `mix: tasks and weights must have the same names. Tasks: ${list(tasks)}. Weights: ${list(weights)}. Without a weight: ${list(noWeight)}. Without a task: ${list(noTask)}`,
  );
}

/** Tasks, weights or tags that do not fit: bad input (104), not a fault of the script's logic (107). */
export class MixError extends TypeError {
  constructor(message: string) {
    super(message);
    this.name = 'MixError';
  }
}
