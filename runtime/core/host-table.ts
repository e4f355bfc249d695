import type { HostPlan, PlacePlan } from './reach-plan.ts';

interface Row extends HostPlan {
  /** How many connections have been given a place. */
  turns: number;
}

/** The names that an environment's `hosts` says the addresses of. The closest fit counts: a name before a wildcard, a longer wildcard before a shorter one, with its port before without. */
export class HostTable {
  readonly #rows: readonly Row[];
  readonly #takesFirst: boolean;

  /** @param turn - of the first connection: that of each worker is another one */
  constructor(hosts: readonly HostPlan[] = [], takesFirst = false, turn = 0) {
    this.#rows = hosts.map((host) => ({ ...host, turns: turn })).sort((a, b) => closeness(b) - closeness(a));
    this.#takesFirst = takesFirst;
  }

  /** Where the next connection to this server goes; undefined: the resolver says. @param name - lower case, without the dot at the end */
  next(name: string, port: number): PlacePlan | undefined {
    const row = this.#rowOf(name, port);
    if (row === undefined) return undefined;
    const turn = this.#takesFirst ? 0 : row.turns++;
    return row.places[turn % row.places.length];
  }

  /** All that it stands for; empty: the resolver says. */
  placesOf(name: string, port: number): readonly PlacePlan[] {
    return this.#rowOf(name, port)?.places ?? [];
  }

  #rowOf(name: string, port: number): Row | undefined {
    return this.#rows.find((one) => fits(one, name, port));
  }
}

function fits(row: HostPlan, name: string, port: number): boolean {
  if (row.port !== undefined && row.port !== port) return false;
  return row.isBelow ? name.endsWith(`.${row.name}`) : name === row.name;
}

function closeness({ name, isBelow, port }: HostPlan): number {
  return (isBelow ? name.length : 1_000) * 2 + (port === undefined ? 0 : 1);
}
