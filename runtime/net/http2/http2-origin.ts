import type { Http2Plan } from '../../core/reach-plan.ts';
import type { ConnectionOptions, ConnectionOwner } from '../connection.ts';
import type { Target } from '../target.ts';
import { Http2Connection } from './http2-connection.ts';
import { Http2Session } from './http2-session.ts';

/** The connections of HTTP/2 of one VU to one origin, as places for streams. */
export class Http2Origin {
  readonly #target: Target;
  readonly #options: ConnectionOptions;
  readonly #rules: Http2Plan;
  readonly #sessions = new Set<Http2Session>();

  constructor(target: Target, options: ConnectionOptions, rules: Http2Plan) {
    this.#target = target;
    this.#options = options;
    this.#rules = options.keepAlive?.reuses === false ? { streamsMax: 1, connectionsMax: rules.streamsMax * rules.connectionsMax } : rules;
  }

  /** All connections have their streams at work, as far as this side allows. */
  static placesOf({ streamsMax, connectionsMax }: Http2Plan): number {
    return streamsMax * connectionsMax;
  }

  /** A place on the connection with the fewest, of a new one while there may be more. */
  place(owner: ConnectionOwner): Http2Connection {
    return new Http2Connection(this.#session(owner), this.#options, owner);
  }

  #session({ session: tls }: ConnectionOwner): Http2Session {
    const { streamsMax, connectionsMax } = this.#rules;
    const [free] = [...this.#sessions].filter(({ members }) => members < streamsMax).sort((a, b) => a.members - b.members);
    if (free !== undefined && (free.members === 0 || this.#sessions.size >= connectionsMax)) return free;
    const session = new Http2Session(this.#target, this.#options, {
      streamsMax,
      session: tls,
      onOver: (over) => this.#sessions.delete(over),
    });
    this.#sessions.add(session);
    return session;
  }
}
