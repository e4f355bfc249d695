/**
 * Which of many tests stand when the odds of even one false alarm among all of them are to be kept.
 * @param chances - of each test: how likely it is to say so by chance alone
 * @returns of each, whether it stands
 * @see Holm (1979)
 */
export function holm(chances: readonly number[], alarmsMax = 0.05): boolean[] {
  const order = chances.map((_, i) => i).sort((a, b) => (chances[a] as number) - (chances[b] as number));
  const stands = chances.map(() => false);
  for (const [place, i] of order.entries()) {
    if ((chances[i] as number) > alarmsMax / (chances.length - place)) break;
    stands[i] = true;
  }
  return stands;
}
