import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { LiveState } from '../views/api.ts';
import type { NumberedEvent, RunLog } from './run-log.ts';

/** Silence after which a comment says that the connection stands. */
const HEARTBEAT_MS = 15_000;
const RETRY_MS = 1_000;

/** The events of a run as they come, from the one after the last that the client has seen; it ends after `ended`. */
export function eventStream(c: Context, log: RunLog, heartbeatMs = HEARTBEAT_MS): Response {
  const seen = seenBy(c, log);
  if (log.after(seen) === 'gone')
    return c.json({ error: { message: 'expected the number of an event that is still known', hint: 'load the whole run again' } }, 410);
  if (log.state === 'ended' && seen >= log.lastEvent) return c.body(null, 204); // an EventSource stops asking then
  c.header('x-accel-buffering', 'no');
  return streamSSE(c, async (stream) => {
    let wake: () => void = () => undefined;
    const stopListening = log.listen(() => wake());
    stream.onAbort(() => wake());
    try {
      await stream.write(`retry: ${RETRY_MS}\n\n`);
      for (let last = seen; !stream.aborted; ) {
        const events = log.after(last);
        if (events === 'gone') return; // slower than the run for hours
        for (const { number, event } of events) {
          if (stream.aborted) return;
          // waits for a slow client: what it has not taken yet is nowhere but in the log
          await stream.write(`id: ${number}\ndata: ${textOf({ number, event })}\n\n`);
          last = number;
        }
        if (log.state === 'ended' && last >= log.lastEvent) return;
        if (log.lastEvent > last) continue;
        const isNew = await new Promise<boolean>((settle) => {
          const timer = setTimeout(() => settle(false), heartbeatMs);
          wake = () => {
            clearTimeout(timer);
            settle(true);
          };
        });
        if (!isNew) await stream.write(': still here\n\n');
      }
    } finally {
      stopListening();
    }
  });
}

/** `Last-Event-ID`, else `?after=N`, else nothing; a number of another run's log means nothing here. */
function seenBy(c: Context, log: RunLog): number {
  const text = c.req.header('last-event-id') ?? c.req.query('after') ?? '0';
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  return number > log.lastEvent ? 0 : number;
}

/** A second is the same for everyone who watches: the newest is written once. */
const texts = new WeakMap<LiveState, { number: number; text: string }>();

function textOf({ number, event }: NumberedEvent): string {
  if (event.type !== 'second') return JSON.stringify(event);
  const known = texts.get(event.live);
  if (known?.number === number) return known.text;
  const text = JSON.stringify(event);
  if (known === undefined || known.number < number) texts.set(event.live, { number, text });
  return text;
}
