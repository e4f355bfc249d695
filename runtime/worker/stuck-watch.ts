import type { HostVu } from './vu-table.ts';

const LOOK_EVERY_MS = 1_000;
/** Looks in a row that found nothing under way: then nothing ever will be. */
const LOOKS = 3;
/** What the guest would say of it. */
const STUCK_TEXT = 'Error: it waits for a promise that nothing settles: no request, sleep or timer of this user is under way';

/** What it looks at, and how it ends what is stuck. */
export interface WatchedWorker {
  readonly crew: { all(): Iterable<HostVu> };
  readonly messenger: { readonly isAsking: boolean };
  readonly mailbox: { readonly isBehind: boolean };
  /** Token of the hook that a user is in; undefined: none. */
  hookOf(vu: number): number | undefined;
  /** @param kind - 1: it threw */
  end(vu: number, token: number, kind: number, text: string): void;
}

/** Ends iterations and hooks that wait for what can never come: users share nothing, so only what is under way for a user can wake it. */
export class StuckWatch {
  readonly #runtime: WatchedWorker;
  /** By VU: the iteration or hook that was found idle, and how often in a row. */
  #idle = new Map<number, { token: number; looks: number }>();

  constructor(runtime: WatchedWorker) {
    this.#runtime = runtime;
    setInterval(() => this.#look(), LOOK_EVERY_MS).unref();
  }

  #look(): void {
    const { crew, messenger, mailbox } = this.#runtime;
    if (messenger.isAsking || mailbox.isBehind) return; // what it waits for may be on its way
    const idle = new Map<number, { token: number; looks: number }>();
    for (const vu of crew.all()) {
      const token = this.#runtime.hookOf(vu.index) ?? (vu.onEnd === undefined ? undefined : vu.token);
      if (token === undefined || isAtWork(vu)) continue;
      const known = this.#idle.get(vu.index);
      const looks = known?.token === token ? known.looks + 1 : 1;
      if (looks < LOOKS) idle.set(vu.index, { token, looks });
      else this.#runtime.end(vu.index, token, 1, STUCK_TEXT);
    }
    this.#idle = idle;
  }
}

function isAtWork({ requests, waits, timers }: HostVu): boolean {
  return requests.length > 0 || waits.size > 0 || timers.size > 0;
}
