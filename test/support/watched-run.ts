import type { LiveEvent, RunView } from '../../runtime/views/api.ts';

/** A second of a run that goes on, as the server told of it. */
export type ToldSecond = Extract<LiveEvent, { type: 'second' }>;

/** What a web UI's server said of a run while it went on. */
export interface WatchedRun {
  readonly id: string;
  readonly seconds: readonly ToldSecond[];
}

/** Follows the run that goes on, or goes on next, to its end. @param address - of the web UI, with its slash at the end */
export async function watched(address: string): Promise<WatchedRun> {
  const id = await runOf(address);
  const seconds: ToldSecond[] = [];
  const answer = await fetch(new URL(`api/v1/runs/${id}/events`, address));
  for await (const { event } of numberedEvents(answer)) if (event.type === 'second') seconds.push(event);
  return { id, seconds };
}

/** An event of a run, and its number. */
export interface Numbered {
  readonly number: number;
  readonly event: LiveEvent;
}

/** The events of an answer as they come; leaving ends the connection. */
export async function* numberedEvents({ body }: Response): AsyncGenerator<Numbered> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of (body ?? []) as AsyncIterable<Uint8Array>) {
    const blocks = (rest + decoder.decode(chunk, { stream: true })).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, number, data] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [];
      if (number !== undefined && data !== undefined) yield { number: Number(number), event: JSON.parse(data) as LiveEvent };
    }
  }
}

/** A run as a page that is opened now gets it. */
export async function viewAt(address: string, id: string): Promise<RunView> {
  return (await jsonAt(address, `api/v1/runs/${id}`)) as RunView;
}

export async function jsonAt(address: string, path: string): Promise<unknown> {
  return JSON.parse(await textAt(address, path));
}

/** @throws when it is not there */
export async function textAt(address: string, path: string): Promise<string> {
  const answer = await fetch(new URL(path, address));
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.text();
}

async function runOf(address: string): Promise<string> {
  for (;;) {
    const { id } = (await jsonAt(address, 'api/v1/status')) as { id: string | null };
    if (id !== null) return id;
    await new Promise((settle) => setTimeout(settle, 50));
  }
}
