import { FrameReader } from '../core/frame.ts';
import { type GuestSettings, TO_GUEST } from '../core/mailbox.ts';
import { dispose, select } from './instances.ts';
import { beginInstance, beginIteration, callHook, setSetupData } from './iteration.ts';
import { freezeDeep } from './loaded.ts';
import { takeOut } from './outbox.ts';
import { GuestResponse } from './response.ts';
import { current, StopVu, setSettings } from './state.ts';
import { fire } from './timers.ts';

const reader = new FrameReader();
const phases = new Map<number, string>([[0, '']]);

/**
 * The one way in: `vu,record,record…` for one VU. @returns what the sandbox has to say since the last entry. The code that the records
 * wake runs in microtasks after this returns; the host waits for them before it enters for another VU.
 */
export function enter(frame: string): string {
  if (frame !== '') {
    reader.reset(frame);
    const index = reader.number();
    const isKnown = select(index);
    while (reader.hasMore()) readRecord(index, isKnown);
  }
  return takeOut();
}

function readRecord(index: number, isKnown: boolean): void {
  const kind = reader.number();
  switch (kind) {
    case TO_GUEST.response:
      return readResponse();
    case TO_GUEST.settled:
      return settle(reader.number(), undefined);
    case TO_GUEST.answer: {
      const operation = reader.number();
      return settle(operation, JSON.parse(reader.text()));
    }
    case TO_GUEST.timer:
      return fire(reader.number());
    case TO_GUEST.begin: {
      const [token, iteration, scenario, phase] = [reader.number(), reader.number(), reader.number(), reader.number()];
      current.scenario = scenario;
      current.phase = phases.get(phase) ?? '';
      return beginIteration(token, iteration, reader.text());
    }
    case TO_GUEST.call: {
      const [token, hook] = [reader.number(), reader.number()];
      return callHook(token, hook, reader.text());
    }
    case TO_GUEST.interrupt:
      return isKnown ? interrupt() : undefined;
    default:
      return readSetting(kind, index);
  }
}

function readSetting(kind: number, index: number): void {
  if (kind === TO_GUEST.instantiate) {
    const token = reader.number();
    return beginInstance(token, index, reader.number());
  }
  if (kind === TO_GUEST.dispose) return dispose(reader.number());
  if (kind === TO_GUEST.configure) return setSettings(freezeDeep(JSON.parse(reader.text()) as GuestSettings));
  if (kind === TO_GUEST.data) return setSetupData(reader.text());
  if (kind === TO_GUEST.name) {
    const id = reader.number();
    phases.set(id, reader.text());
    return;
  }
  throw new Error(`unknown record ${kind}`);
}

function readResponse(): void {
  const operation = reader.number();
  const numbers = [
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
    reader.number(),
  ];
  settle(operation, new GuestResponse(numbers, reader.text()));
}

function settle(id: number, value: unknown): void {
  const operation = current.pending.get(id);
  if (operation === undefined) return;
  current.pending.delete(id);
  operation.settle(value);
}

/** Ends the iteration: whatever is pending is refused, and so is whatever is asked for later. */
function interrupt(): void {
  current.isInterrupted = true;
  const stop = new StopVu();
  for (const [id, operation] of current.pending) {
    current.pending.delete(id);
    operation.refuse(stop);
  }
}
