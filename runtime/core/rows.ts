/** What a row of requests is of; all empty but the name where it is of more than one. */
export interface RowIdentity {
  readonly task: string;
  readonly method: string;
  readonly name: string;
}

/** Tag of the series that takes what comes past the cap. */
export const OVERFLOW_TAG = 'overflow';
/** Name of the row of requests that have none of their own: there were more names than rows. */
export const OTHER_REQUESTS = '(other requests)';

/** The row over all requests. */
export const TOTAL_ROW: RowIdentity = { task: '', method: '', name: 'Aggregated' };
/** The row of {@link OTHER_REQUESTS}. */
export const OTHERS_ROW: RowIdentity = { task: '', method: '', name: OTHER_REQUESTS };

export function isTotalRow({ method, name }: Pick<RowIdentity, 'method' | 'name'>): boolean {
  return name === TOTAL_ROW.name && method === '';
}

export function isOthersRow({ method, name }: Pick<RowIdentity, 'method' | 'name'>): boolean {
  return name === OTHERS_ROW.name && method === '';
}

/** Equal for the same row. Sorted by it, rows are in the order of task, method and name, that of the others last. */
export function rowKeyOf({ task, method, name }: RowIdentity): string {
  return isOthersRow({ method, name }) ? '\uffff' : JSON.stringify([task, method, name]);
}

/** Whether a series belongs to the row of the others. */
export function isOtherRequest(tags: Readonly<Record<string, string>>): boolean {
  return tags[OVERFLOW_TAG] !== undefined || tags['name'] === OTHER_REQUESTS;
}

/** The row that a series of requests belongs to. */
export function rowOfTags(tags: Readonly<Record<string, string>>): RowIdentity {
  const { task = '', method = '', name = '' } = tags;
  return isOtherRequest(tags) ? OTHERS_ROW : { task, method, name };
}
