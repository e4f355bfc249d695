import { uniformOf } from '../core/random.ts';
import { loadedAnswer } from './loaded.ts';
import { bytesOfFile } from './made-bytes.ts';
import { settings, type Vu } from './state.ts';
import type { Bytes, CsvOptions, DataSet } from './stressrun.d.ts';

/** The golden ratio's place in the rows: how far on the second row of one start is from its first. */
const FURTHER_ON = 0.618;

/** Rows are dealt to the VUs like cards, so that no two ever hold the same one as long as there are enough. */
export class GuestDataSet<Row> implements DataSet<Row> {
  readonly length: number;
  readonly #rows: readonly Row[];
  readonly #key: string;
  readonly #vu: Vu;

  constructor(vu: Vu, rows: readonly Row[], key: string) {
    if (rows.length === 0) throw new RangeError(`${key} has no rows`);
    this.#vu = vu;
    this.#rows = rows;
    this.#key = key;
    this.length = rows.length;
    Object.freeze(this);
  }

  next(): Row {
    if (this.#vu.startIndex >= 0) return this.#nextOfStart();
    const vu = Math.max(0, this.#vu.index) % this.length;
    const cardsInHand = Math.ceil((this.length - vu) / settings.usersTotal);
    const taken = this.#vu.rowsTaken.get(this.#key) ?? 0;
    this.#vu.rowsTaken.set(this.#key, taken + 1);
    return this.at(vu + settings.usersTotal * (taken % cardsInHand));
  }

  /** Row i is start i's, whichever VU takes it; further ones of the same iteration are from further on. Scenarios take turns. */
  #nextOfStart(): Row {
    const { startIndex, scenario } = this.#vu;
    this.#vu.rowsOfStart ??= new Map();
    const { rowsOfStart } = this.#vu;
    const taken = rowsOfStart.get(this.#key) ?? 0;
    rowsOfStart.set(this.#key, taken + 1);
    return this.at(startIndex * Math.max(1, settings.scenarios.length) + scenario + taken * Math.ceil(this.length * FURTHER_ON));
  }

  random(): Row {
    const vu = this.#vu;
    return this.at(Math.floor(uniformOf(settings.seed, 3, vu.scenario, vu.who, vu.which, vu.draws++) * this.length));
  }

  at(index: number): Row {
    if (!Number.isInteger(index) || index < 0) throw new RangeError(`at: expected a whole number, 0 or more; got ${String(index)}`);
    return this.#rows[index % this.length] as Row;
  }
}

/** What the host says of a file; its bytes stay there. */
interface FileAnswer {
  pool: string;
  pictures: [{ bytes: number; contentType: string; filename: string }];
}

/** `data` of one virtual user. */
export function makeData(vu: Vu) {
  return {
    file: (path: string): Bytes => {
      const { pool, pictures } = loadedAnswer('data.file', path) as FileAnswer;
      const [{ bytes, contentType, filename }] = pictures;
      return bytesOfFile(`${pool}/0`, { length: bytes, type: contentType, filename });
    },
    csv: <Row = Record<string, string>>(path: string, options?: CsvOptions): DataSet<Row> =>
      new GuestDataSet(vu, loadedAnswer('data.csv', options === undefined ? path : { path, options }) as Row[], `data.csv(${path})`),
    json: <Row = unknown>(path: string): DataSet<Row> =>
      new GuestDataSet(vu, loadedAnswer('data.json', path) as Row[], `data.json(${path})`),
  };
}
