import { LIMITS, TO_HOST } from '../core/mailbox.ts';
import { addPending } from './activity.ts';
import { nextId, Operation, StopVu, type Vu } from './state.ts';

let out = '';

/** What was written since the last time; taken by the host, once per entry. */
export function takeOut(): string {
  const text = out;
  out = '';
  return text;
}

/** Appends a record of a VU; `body` is the frame after kind and VU. */
export function write(vu: Vu, kind: number, body: string): void {
  out += `${kind},${vu.index},${body}`;
}

/** Appends a record of a VU that may not be known, by its number. */
export function writeLost(vu: number, kind: number, body: string): void {
  out += `${kind},${vu},${body}`;
}

/** Appends a record that belongs to no VU. */
export function writeForAll(kind: number, body: string): void {
  out += `${kind},-1,${body}`;
}

/** A text field of a record. */
export function textField(text: string): string {
  return `${text.length}:${text}`;
}

/** Whatever a predicate threw, as text; it may be anything and must not hurt. */
export function reasonOf(error: unknown): string {
  try {
    const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return text.slice(0, LIMITS.tagLength);
  } catch {
    return 'threw something that cannot be shown';
  }
}

const names = new Map<string, number>();

/** A small number for a name that comes again and again. */
export function nameId(name: string): number {
  let id = names.get(name);
  if (id === undefined) {
    if (names.size >= LIMITS.namesMax)
      throw new RangeError(
        `too many different names (checks, tasks, groups, metrics): at most ${LIMITS.namesMax}; put changing values into tags`,
      );
    id = nextId();
    names.set(name, id);
    const kept = name.length > LIMITS.tagLength ? name.slice(0, LIMITS.tagLength) : name;
    out += `${TO_HOST.name},-1,${id},${textField(kept)}`;
  }
  return id;
}

/** A script that catches StopVu and goes on asking is let try so often, and then waits for ever: it must not spin. */
const REFUSED_MAX = 1_000;

/** Begins an operation: the host will settle it. One with the number 0 is not to be told to it, and never ends. @throws StopVu when the VU's time is over, Error at module level */
export function beginOperation(vu: Vu): Operation {
  if (vu.isAtModuleLevel)
    throw new Error('nothing can be requested or waited for at module level: use setup() for once per run, vuSetup() for once per user');
  if (vu.isInterrupted) {
    if (vu.refused++ < REFUSED_MAX) throw new StopVu();
    return new Operation(0);
  }
  if (vu.pending.length >= LIMITS.pendingMax)
    throw new RangeError(`too many operations at once: at most ${LIMITS.pendingMax} may be pending in a virtual user`);
  const operation = new Operation(nextId());
  if (vu.placesLeft > 0) {
    vu.placesLeft--;
    operation.where = new Error('asked here');
  }
  vu.pending.push(operation);
  addPending(vu.row, 1);
  return operation;
}

let lastContextId = 0;
/** The VU no longer waits for the operation. @returns undefined when it did not */
export function endOperation(vu: Vu, id: number): Operation | undefined {
  const { pending } = vu;
  let at = 0;
  while (at < pending.length && (pending[at] as Operation).id !== id) at++;
  const operation = pending[at];
  if (operation === undefined) return undefined;
  if (at === pending.length - 1) pending.pop();
  else pending.splice(at, 1);
  addPending(vu.row, -1);
  return operation;
}

/** A number for a group within its parent, or for a group with tags. */
export function nextContextId(): number {
  return ++lastContextId;
}
