import { type JoinRule, joinedColumn, joinedValue } from '../core/join-points.ts';

/** One figure over time. What is added or set belongs to the second that the next commit closes. */
export class FoldingColumn {
  values: (number | null)[];
  readonly #rule: JoinRule;
  readonly #blank: number | null;
  #next: number | null = null;

  constructor(rule: JoinRule, blank: number | null, length: number) {
    this.#rule = rule;
    this.#blank = blank;
    this.values = Array.from({ length }, () => blank);
  }

  add(amount: number): void {
    this.#next = (this.#next ?? 0) + amount;
  }

  set(value: number | null): void {
    this.#next = value;
  }

  commit(isNewPoint: boolean): void {
    const value = this.#next ?? this.#blank;
    if (isNewPoint) this.values.push(value);
    else this.values.push(joinedValue(this.#rule, this.values.pop() ?? null, value));
    this.#next = null;
  }

  fold(): void {
    this.values = joinedColumn(this.values, 2, this.#rule);
  }
}

/** Columns of equal length that are folded pairwise when they would get longer than a bound. */
export class FoldingColumns {
  /** Seconds in a point. */
  foldedBy = 1;
  points = 0;
  readonly #pointsMax: number;
  readonly #columns: FoldingColumn[] = [];
  readonly #onFold: () => void;
  /** Seconds that the last point has. */
  #secondsInLast = 0;

  /** @param pointsMax an even number */
  constructor(pointsMax: number, onFold: () => void = () => undefined) {
    this.#pointsMax = pointsMax;
    this.#onFold = onFold;
  }

  /** A column of its own; what was before it came is blank. */
  open(rule: JoinRule, blank: number | null = 0): FoldingColumn {
    const column = new FoldingColumn(rule, blank, this.points);
    this.#columns.push(column);
    return column;
  }

  /** Closes a second. */
  commit(): void {
    const isNewPoint = this.points === 0 || this.#secondsInLast >= this.foldedBy;
    if (isNewPoint && this.points === this.#pointsMax) this.#fold();
    if (isNewPoint) this.points++;
    this.#secondsInLast = isNewPoint ? 1 : this.#secondsInLast + 1;
    for (const column of this.#columns) column.commit(isNewPoint);
  }

  #fold(): void {
    for (const column of this.#columns) column.fold();
    this.points = Math.ceil(this.points / 2);
    this.foldedBy *= 2;
    this.#onFold();
  }
}
