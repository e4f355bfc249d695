import { expect, test } from 'vitest';
import { TO_GUEST, TO_HOST } from '../../../runtime/core/mailbox.ts';
import { StallCell, type StallPlace } from '../../../runtime/core/stall-cell.ts';
import type { GuestRecords } from '../../../runtime/sandbox/guest-records.ts';
import { Mailbox, record } from '../../../runtime/sandbox/mailbox.ts';
import type { AskHost, SandboxEngine } from '../../../runtime/sandbox/sandbox-engine.ts';

/** A seat of the sandbox whose other half is the test. */
class ScriptedEngine implements SandboxEngine {
  readonly frames: string[] = [];
  ask: AskHost = () => '';
  answer: (frame: string) => string = () => '';

  start(_guestText: string, ask: AskHost): void {
    this.ask = ask;
  }
  missing(): string[] {
    return [];
  }
  compile(): void {}
  enter(frame: string): string {
    this.frames.push(frame);
    return this.answer(frame);
  }
  rejected(): void {}
}

/** Notes which places were written. */
class NotedCell extends StallCell {
  readonly places: StallPlace[] = [];
  override write(place: StallPlace): void {
    this.places.push(place);
  }
}

function opened() {
  const engine = new ScriptedEngine();
  const cell = new NotedCell(undefined);
  const tasks: number[][] = [];
  const state = { failures: 0 };
  const records = {
    task: (vu: number, nameId: number) => tasks.push([vu, nameId]),
    failed: () => state.failures++,
  } as unknown as GuestRecords;
  const mailbox = new Mailbox({
    engine,
    stallCell: cell,
    placeOf: (vu) => ({ phase: 'iteration', vu, iteration: 0, scenario: 0 }),
    ask: (kind, number, text) => `${kind} ${number} ${text}`,
    records,
    usesContext: false,
  });
  mailbox.start('guest');
  return { engine, cell, tasks, state, mailbox };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('records for 2 VUs of one turn go in with one entry, in the order of the VUs; another entry takes out what they had to say', async () => {
  const { engine, mailbox } = opened();
  mailbox.post(4, record(TO_GUEST.settled, [1]));
  mailbox.post(2, record(TO_GUEST.timer, [7]));
  mailbox.post(4, record(TO_GUEST.answer, [3], 'true'));
  expect(engine.frames).toEqual([]);
  await turn();
  expect(engine.frames).toEqual(['13,4,5,1,6,3,4:true13,2,7,7,', '']);
});

test('what is posted while an entry is read goes in with the next one', async () => {
  const { engine, mailbox, tasks } = opened();
  engine.answer = (frame) => {
    if (frame.endsWith('5,1,')) mailbox.post(1, record(TO_GUEST.settled, [2]));
    return frame === '' ? '' : `${TO_HOST.task},1,${tasks.length},`;
  };
  mailbox.post(1, record(TO_GUEST.settled, [1]));
  await turn();
  await turn();
  expect(engine.frames).toEqual(['13,1,5,1,', '', '13,1,5,2,', '']);
  expect(tasks).toEqual([
    [1, 0],
    [1, 1],
  ]);
});

test('the microtasks of an entry have run dry before what was said is taken out', async () => {
  const { engine, mailbox } = opened();
  const seen: string[] = [];
  engine.answer = (frame) => {
    seen.push(frame === '' ? 'taken out' : 'entered');
    if (frame !== '')
      void (async () => {
        for (let i = 0; i < 20; i++) await undefined;
        seen.push('20 microtasks later');
      })();
    return '';
  };
  mailbox.post(1, record(TO_GUEST.settled, [1]));
  await turn();
  expect(seen).toEqual(['entered', '20 microtasks later', 'taken out']);
});

test('the stall cell holds the VU that was woken, or that there were several', async () => {
  const { cell, mailbox } = opened();
  mailbox.post(5, record(TO_GUEST.settled, [1]));
  await turn();
  mailbox.post(5, record(TO_GUEST.settled, [2]));
  mailbox.post(6, record(TO_GUEST.settled, [3]));
  await turn();
  expect(cell.places.map(({ phase, vu }) => [phase, vu])).toEqual([
    ['iteration', 5],
    ['several', -1],
  ]);
});

test('an entry that throws is reported and the next one is made all the same', async () => {
  const { engine, mailbox, state } = opened();
  engine.answer = (frame) => {
    if (frame.includes('5,1,')) throw new Error('too deep');
    return '';
  };
  mailbox.post(1, record(TO_GUEST.settled, [1]));
  await turn();
  mailbox.post(1, record(TO_GUEST.settled, [2]));
  await turn();
  expect(state.failures).toBe(1);
  expect(engine.frames).toContain('13,1,5,2,');
});

test('platform services are answered at once, everything else is asked of the worker', () => {
  const { engine } = opened();
  expect(engine.ask(12, 0, '["/a","http://h"]')).toContain('"href":"http://h/a"');
  expect(engine.ask(2, 7, 'a.b')).toBe('2 7 a.b');
});

test('once an error of a script was lost, a turn wakes one VU with one record, and the next lost error is its', async () => {
  const { engine, mailbox } = opened();
  for (const vu of [3, 5]) mailbox.post(vu, record(TO_GUEST.settled, [1]));
  await turn();
  expect([mailbox.ownerOfLost()?.vu, mailbox.ownerOfLost()?.vu]).toEqual([3, 5]); // as they were woken, one after the other
  engine.frames.length = 0;
  for (const vu of [5, 3]) mailbox.post(vu, record(TO_GUEST.settled, [2]));
  await new Promise((resolve) => setImmediate(resolve));
  expect([engine.frames, mailbox.ownerOfLost()?.vu]).toEqual([['13,5,5,2,', ''], 5]);
  await turn();
  expect([engine.frames.slice(2), mailbox.ownerOfLost()?.vu]).toEqual([['13,3,5,2,', ''], 3]);
});
