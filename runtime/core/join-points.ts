/**
 * How several points of a run over time become one, wherever that is done: of a run too long for a point each second, in the report's file, on a screen.
 *
 * - `sum`: what is counted is added, and so are the lengths. No request is lost, and a rate is a sum by a length, never a mean of rates.
 * - `worst`: of percentiles and of the generator's health the highest stands. Percentiles cannot be merged once the answers are gone, and their mean would
 *   hide just the peak that somebody looks for.
 * - `last`: of a state, such as users, a gauge or a total so far, what was so at the end of the point, for that is where it is drawn.
 *
 * Null (nothing was measured) gives way to any number.
 */
export type JoinRule = 'sum' | 'worst' | 'last';

type Column = readonly (number | null)[];

const JOIN: Record<JoinRule, (a: number, b: number) => number> = { sum: (a, b) => a + b, worst: Math.max, last: (_, b) => b };

/** @param b - the later one */
export function joinedValue(rule: JoinRule, a: number | null, b: number | null): number | null {
  return a === null || b === null ? (b ?? a) : JOIN[rule](a, b);
}

/** A column in which each `by` points are one; the last may be of fewer. */
export function joinedColumn(column: Column, by: number, rule: JoinRule): (number | null)[] {
  if (by === 1) return [...column];
  const joined: (number | null)[] = [];
  for (const [i, value] of column.entries()) joined.push(i % by === 0 ? value : joinedValue(rule, joined.pop() ?? null, value));
  return joined;
}

/** The rule of each column of a tree of columns, such as a run's. */
export type RuleTree = JoinRule | readonly RuleTree[] | { readonly [name: string]: RuleTree };

/** The rules that a tree of columns needs: one for each. */
export type RulesOf<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends (number | null)[] ? JoinRule : RulesOf<Tree[Key]> };

type TreeOf<Rules, Leaf> = Rules extends JoinRule ? Leaf : { -readonly [Key in keyof Rules]: TreeOf<Rules[Key], Leaf> };

/**
 * A tree of the same shape, made column by column.
 * @param make - is told the rule, and how to find what stands in that place of another tree
 */
export function mapColumns<const Rules extends RuleTree, Made>(
  rules: Rules,
  make: (rule: JoinRule, at: <Leaf>(tree: object) => Leaf) => Made,
): TreeOf<Rules, Made> {
  const walk = (below: RuleTree, path: readonly (string | number)[]): unknown => {
    if (typeof below === 'string')
      return make(below, <Leaf>(tree: object) => path.reduce((place, key) => Reflect.get(place, key), tree) as Leaf);
    if (Array.isArray(below)) return below.map((each, i) => walk(each, [...path, i]));
    return Object.fromEntries(Object.entries(below).map(([key, each]) => [key, walk(each, [...path, key])]));
  };
  return walk(rules, []) as TreeOf<Rules, Made>;
}
