import { type LookupAddress, lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { monotonicUs } from '../core/clock.ts';
import { HostTable } from '../core/host-table.ts';
import type { DnsPlan, HostPlan } from '../core/reach-plan.ts';
import { type AddressPolicy, plainName } from './address-policy.ts';
import { FailureError } from './error-codes.ts';
import type { Target } from './target.ts';

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
  /** −∞: it is not known, or could not be had. */
  knownAtUs: number;
  /** How often it has been handed out, also before it was last asked for. */
  turns: number;
  /** Those who asked while the resolver was at work; undefined when it is not. */
  waiting: Answered[] | undefined;
}

export interface LookupOptions {
  readonly hosts?: readonly HostPlan[] | undefined;
  readonly dns?: DnsPlan | undefined;
  /** Absent: that of the system. */
  readonly resolver?: Resolver | undefined;
  /** Which of a name's addresses is the first; default 0. */
  readonly turn?: number | undefined;
}

/** How a connection over TCP is made. */
export interface Route {
  readonly port: number;
  readonly lookup: LookupFunction;
}

/** Resolves names for a whole worker, for `net.connect`. Every address is judged before it is handed out, so the one used is one that was checked. */
export class GuardedLookup {
  readonly #policy: AddressPolicy;
  readonly #resolver: Resolver;
  readonly #hosts: HostTable;
  readonly #answers = new Map<string, Answer>();
  readonly #answerUs: number;
  readonly #takesFirst: boolean;
  readonly #turn: number;
  readonly #family: NonNullable<DnsPlan['family']>;

  constructor(policy: AddressPolicy, { hosts, dns = {}, resolver = lookup, turn = 0 }: LookupOptions = {}) {
    this.#policy = policy;
    this.#resolver = resolver;
    this.#takesFirst = dns.takesFirst === true;
    this.#hosts = new HostTable(hosts, this.#takesFirst, turn);
    this.#turn = turn;
    this.#answerUs = dns.ttlUs ?? ANSWER_US;
    this.#family = dns.family ?? 'any';
  }

  /** Of the next connection to this server. */
  routeTo({ hostname, port }: Pick<Target, 'hostname' | 'port'>): Route {
    const place = this.#hosts.next(plainName(hostname), port);
    if (place === undefined) return { port, lookup: this.#lookup({ port, dialled: port }, (name, done) => this.#resolve(name, done)) };
    const dialled = place.port ?? port;
    const known = [{ address: place.address, family: isIP(place.address) }];
    return { port: dialled, lookup: this.#lookup({ port, dialled }, (_, done) => done(null, known)) };
  }

  #lookup({ port, dialled }: { port: number; dialled: number }, resolve: (name: string, done: Answered) => void): LookupFunction {
    return (name, options, callback) =>
      resolve(name, (error, found) => {
        const addresses = found.filter(({ family }) => !options.family || options.family === family || options.family === `IPv${family}`);
        const refusal = addresses
          .map(({ address }) => this.#policy.refusalOfResolved({ name, port }, { address, port: dialled }))
          .find((one) => one !== undefined);
        const first = addresses[0];
        if (error !== null) callback(error, '');
        else if (refusal !== undefined) callback(new FailureError(refusal), '');
        else if (first === undefined) callback(Object.assign(new Error(`no address of ${name} fits`), { code: 'ENOTFOUND' }), '');
        else if (options.all === true) callback(null, addresses.slice());
        else callback(null, first.address, first.family);
      });
  }

  /** Those of the family that the environment wants; the error when there is none. */
  #chosen(name: string, addresses: readonly LookupAddress[]): readonly LookupAddress[] | Error {
    const [, prefers, digit] = /^(prefer_)?ipv([46])$/.exec(this.#family) ?? [];
    if (digit === undefined) return addresses;
    const [wanted, others] = [true, false].map((is) => addresses.filter(({ family }) => (family === Number(digit)) === is)) as [
      LookupAddress[],
      LookupAddress[],
    ];
    if (prefers !== undefined) return [...wanted, ...others];
    if (wanted.length > 0) return wanted;
    const error = new Error(`${name} has no address of IPv${digit}, and dns.family of the environment asks for one`);
    return Object.assign(error, { code: 'ENOTFOUND' });
  }

  #resolve(name: string, done: Answered): void {
    const known = this.#answers.get(name);
    if (known?.waiting !== undefined) {
      known.waiting.push(done);
      return;
    }
    if (known !== undefined && monotonicUs() - known.knownAtUs < this.#answerUs) {
      done(null, this.#next(known));
      return;
    }
    if (known === undefined && this.#answers.size >= NAMES_MAX) this.#answers.clear();
    const answer: Answer = known ?? { addresses: [], knownAtUs: Number.NEGATIVE_INFINITY, turns: this.#turn, waiting: undefined };
    answer.waiting = [done];
    this.#answers.set(name, answer);
    this.#resolver(name, { all: true }, (failed, found) => {
      const chosen = failed ?? this.#chosen(name, found);
      const error = chosen instanceof Error ? chosen : null;
      const waiting = answer.waiting ?? [];
      answer.waiting = undefined;
      answer.addresses = chosen instanceof Error ? [] : chosen;
      answer.knownAtUs = error === null ? monotonicUs() : Number.NEGATIVE_INFINITY;
      for (const waiter of waiting) waiter(error, this.#next(answer));
    });
  }

  #next(answer: Answer): readonly LookupAddress[] {
    return this.#takesFirst ? answer.addresses.slice(0, 1) : turned(answer.addresses, answer.turns++);
  }
}

/** Another address of the preferred family first at each turn, so that load spreads over all; the family that the system prefers stays in front. */
function turned(addresses: readonly LookupAddress[], turn: number): readonly LookupAddress[] {
  const preferred = addresses.filter(({ family }) => family === addresses[0]?.family);
  if (preferred.length < 2) return addresses;
  const at = turn % preferred.length;
  const rest = addresses.filter(({ family }) => family !== addresses[0]?.family);
  return [...preferred.slice(at), ...preferred.slice(0, at), ...rest];
}
