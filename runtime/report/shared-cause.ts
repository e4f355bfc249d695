/** Texts with what many of them end in said once. */
export interface SharedCause {
  /** `the load generator was saturated`; undefined: no two texts have an end in common. */
  readonly cause: string | undefined;
  /** In the order given, without that end. */
  readonly texts: readonly string[];
}

const TURN = ', but ';

/** Takes the commonest `, but …` off the ends of texts, when at least two have it: a page that says the same seven times is not read. */
export function sharedCause(texts: readonly string[]): SharedCause {
  const counts = new Map<string, number>();
  for (const text of texts) {
    const end = endOf(text);
    if (end !== undefined) counts.set(end, (counts.get(end) ?? 0) + 1);
  }
  const [cause, count] = [...counts].sort(([, a], [, b]) => b - a)[0] ?? [undefined, 0];
  if (cause === undefined || count < 2) return { cause: undefined, texts };
  return { cause, texts: texts.map((text) => (endOf(text) === cause ? text.slice(0, -(TURN.length + cause.length)) : text)) };
}

function endOf(text: string): string | undefined {
  const at = text.lastIndexOf(TURN);
  return at < 0 ? undefined : text.slice(at + TURN.length);
}
