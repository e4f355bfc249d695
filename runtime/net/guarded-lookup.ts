import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { monotonicUs } from '../core/clock.ts';
import type { AddressPolicy } from './address-policy.ts';
import { FailureError } from './error-codes.ts';

/** How long an answer is kept: a thousand VUs must not ask the resolver, and its four threads, a thousand times. k6 keeps it 5 minutes. */
const ANSWER_US = 30_000_000;
const NAMES_MAX = 1000;

/** As `dns.lookup` with `all: true`. */
export type Resolver = (
  name: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

type Answered = (error: Error | null, addresses: readonly LookupAddress[]) => void;

interface Answer {
  addresses: readonly LookupAddress[];
  knownAtUs: number;
  /** Those who asked while the resolver was at work; undefined when it is not. */
  waiting: Answered[] | undefined;
}

/** Resolves names for a whole worker, for `net.connect`. Every address is judged before it is handed out, so the one used is one that was checked. */
export class GuardedLookup {
  readonly #policy: AddressPolicy;
  readonly #resolver: Resolver;
  readonly #answers = new Map<string, Answer>();

  constructor(policy: AddressPolicy, resolver: Resolver = lookup) {
    this.#policy = policy;
    this.#resolver = resolver;
  }

  /** The `lookup` of a connection to this port. */
  forPort(port: number): LookupFunction {
    return (name, options, callback) =>
      this.#resolve(name, (error, found) => {
        const addresses = found.filter(({ family }) => !options.family || options.family === family || options.family === `IPv${family}`);
        const refusal = addresses
          .map(({ address }) => this.#policy.refusalOfResolved(name, address, port))
          .find((one) => one !== undefined);
        const first = addresses[0];
        if (error !== null) callback(error, '');
        else if (refusal !== undefined) callback(new FailureError(refusal), '');
        else if (first === undefined) callback(Object.assign(new Error(`no address of ${name} fits`), { code: 'ENOTFOUND' }), '');
        else if (options.all === true) callback(null, addresses.slice());
        else callback(null, first.address, first.family);
      });
  }

  #resolve(name: string, done: Answered): void {
    const known = this.#answers.get(name);
    if (known?.waiting !== undefined) {
      known.waiting.push(done);
      return;
    }
    if (known !== undefined && monotonicUs() - known.knownAtUs < ANSWER_US) {
      const { addresses } = known;
      known.addresses = turned(addresses);
      done(null, addresses);
      return;
    }
    if (this.#answers.size >= NAMES_MAX) this.#answers.clear();
    const answer: Answer = { addresses: [], knownAtUs: 0, waiting: [done] };
    this.#answers.set(name, answer);
    this.#resolver(name, { all: true }, (error, addresses) => {
      if (error !== null) this.#answers.delete(name);
      const waiting = answer.waiting ?? [];
      Object.assign(answer, { addresses: error === null ? addresses : [], knownAtUs: monotonicUs(), waiting: undefined });
      for (const waiter of waiting) {
        waiter(error, answer.addresses);
        answer.addresses = turned(answer.addresses);
      }
    });
  }
}

/** The next address of the preferred family first, so that load spreads over all; the family that the system prefers stays in front. */
function turned(addresses: readonly LookupAddress[]): readonly LookupAddress[] {
  const preferred = addresses.filter(({ family }) => family === addresses[0]?.family);
  if (preferred.length < 2) return addresses;
  const rest = addresses.filter(({ family }) => family !== addresses[0]?.family);
  return [...preferred.slice(1), preferred[0] as LookupAddress, ...rest];
}
