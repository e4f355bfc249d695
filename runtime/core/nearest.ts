import { distance } from 'fastest-levenshtein';

/**
 * The known name that was probably meant: fewest edits apart, case aside.
 * @returns undefined when nothing is within a third of the name's length (two edits at least)
 */
export function nearestOf(name: string, known: readonly string[]): string | undefined {
  const wanted = name.toLowerCase();
  const limit = Math.max(2, Math.floor(name.length / 3));
  let best: { name: string; edits: number } | undefined;
  for (const candidate of known) {
    const edits = distance(wanted, candidate.toLowerCase());
    // Fewer edits than letters: else any two short words would be near.
    if (edits <= limit && edits < Math.min(name.length, candidate.length) && (best === undefined || edits < best.edits))
      best = { name: candidate, edits };
  }
  return best?.name;
}

/** The hint of an error about a name that nobody knows: which was probably meant. Empty when none is near. */
export function questionTo(name: string, known: readonly string[]): { hint?: string } {
  const nearest = nearestOf(name, known);
  return nearest === undefined ? {} : { hint: `did you mean "${nearest}"?` };
}
