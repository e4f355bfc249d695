import { connect, RequestError, TimeoutError } from '@nats-io/transport-node';
import { ClusterError, ConfigError, EXIT } from '../core/errors.ts';
import { readUrl } from '../core/read-url.ts';

/** What came of a question on the bus: nobody has that address, or nobody answered in time. */
export type Asked = Buffer | 'nobody' | 'late';

/** A connection to the broker. It is not made again when it ends: what was said meanwhile would be lost, and nobody would know. */
export interface Wire {
  publish(subject: string, bytes: Uint8Array): void;
  /** @returns ends it */
  subscribe(subject: string, hear: (bytes: Buffer, answer: (bytes: Uint8Array) => void) => void): () => void;
  ask(subject: string, bytes: Uint8Array, timeoutMs: number): Promise<Asked>;
  /** Resolves when the connection has ended, with the reason in words; undefined: it was closed here. */
  readonly ended: Promise<string | undefined>;
  /** Once the broker has all that was said, and whatever it asks of us. */
  flushed(): Promise<void>;
  close(): Promise<void>;
}

/** Who one is to the broker: each may say and hear other things there. */
export type Role = 'coordinator' | 'agent';

export interface WireOptions {
  /** `nats://host:4222`, or `tls://…`; may hold a user and a password. */
  readonly url: string;
  readonly role: Role;
  readonly token?: string;
  /** The flag that the URL came from. */
  readonly flag: string;
}

const CONNECT_TIMEOUT_MS = 5_000;
/** Of the broker; a peer that is gone without a word is noticed after two. */
const PING_INTERVAL_MS = 2_000;

/** The address of a broker as it may be shown: without a password. @throws {ConfigError} when it is none */
export function brokerUrl(text: string, flag: string): URL {
  const url = readUrl(text.includes('://') ? text : `nats://${text}`);
  if (url !== undefined && ['nats:', 'tls:'].includes(url.protocol) && url.hostname !== '') return url;
  throw new ConfigError(
    flag,
    `expected the URL of a NATS server, such as "nats://host:4222" or "tls://host:4222"; got ${JSON.stringify(text)}`,
  );
}

export function shownUrl(url: URL): string {
  return `${url.protocol}//${url.hostname}:${url.port === '' ? 4222 : url.port}`;
}

/** @throws {ConfigError} when the URL is none, {ClusterError} when there is no broker or it lets nobody in with this token */
export async function connectWire({ url: text, role, token, flag }: WireOptions): Promise<Wire> {
  const url = brokerUrl(text, flag);
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const secret = token ?? (password === '' && user !== '' ? user : undefined);
  const connection = await connect({
    servers: `${url.hostname}:${url.port === '' ? 4222 : url.port}`,
    name: `stressrun ${role}`,
    reconnect: false,
    timeout: CONNECT_TIMEOUT_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: 2,
    ...(password !== '' ? { user, pass: password } : secret === undefined ? {} : { user: role, pass: secret, token: secret }),
    ...(url.protocol === 'tls:' ? { tls: {} } : {}),
  }).catch((error: unknown) => {
    throw notConnected(shownUrl(url), error);
  });
  let isClosing = false;
  const ended = connection.closed().then((error) => (isClosing ? undefined : error instanceof Error ? error.message : 'it was closed'));
  return {
    publish(subject, bytes) {
      if (!connection.isClosed()) connection.publish(subject, bytes);
    },
    subscribe(subject, hear) {
      const subscription = connection.subscribe(subject, {
        callback(error, message) {
          // copied: whoever hears may keep it, and the parser's memory is not ours
          if (error === null) hear(Buffer.from(message.data), (bytes) => void message.respond(bytes));
        },
      });
      return () => subscription.unsubscribe();
    },
    async ask(subject, bytes, timeoutMs) {
      try {
        const answer = await connection.request(subject, bytes, { timeout: timeoutMs });
        return Buffer.from(answer.data);
      } catch (error) {
        if (error instanceof TimeoutError) return 'late';
        if (error instanceof RequestError && error.isNoResponders()) return 'nobody';
        if (connection.isClosed()) return 'late'; // `ended` says more
        throw error;
      }
    },
    ended,
    flushed: () => connection.flush(),
    async close() {
      isClosing = true;
      if (connection.isClosed()) return;
      await connection.flush().catch(() => undefined);
      await connection.close();
    },
  };
}

function notConnected(shown: string, error: unknown): ClusterError | ConfigError {
  const words = error instanceof Error ? error.message : String(error);
  if (/authorization|authentication/i.test(words))
    return new ConfigError('--token', `expected the token that ${shown} knows; it let nobody in`, {
      hint: 'stressrun cluster up prints one for agents and one for who runs the load',
    });
  return new ClusterError(`no connection to a NATS server at ${shown}: ${words}`, {
    exitCode: EXIT.badInput,
    hint: /certificate/i.test(words)
      ? 'the certificate of a CA of your own goes into NODE_EXTRA_CA_CERTS'
      : 'start one with "stressrun cluster up"; agents and whoever runs the load need its address',
    cause: error,
  });
}
