import { FrameReader } from '../core/frame.ts';
import type { GuestSettings } from '../core/guest-settings.ts';
import { TO_GUEST, TO_HOST } from '../core/mailbox.ts';
import { beginTurn, endTurn, isIdle, openTable, wakeRow } from './activity.ts';
import { findVu } from './instances.ts';
import { beginInstance, beginIteration, callHook, setSetupData } from './iteration.ts';
import { nextTurn } from './judging.ts';
import { freezeDeep } from './loaded.ts';
import { handOver } from './lost.ts';
import { endOperation, takeOut, textField, writeForAll } from './outbox.ts';
import { GuestResponse } from './response.ts';
import { show } from './show.ts';
import { restoreStackFormat } from './stack.ts';
import { ANY_VU, StopVu, setSettings, settings, type Vu } from './state.ts';
import { fire } from './timers.ts';

const reader = new FrameReader();
const phases = new Map<number, string>([[0, '']]);

/**
 * Microtasks that a VU's code gets before the next VU is woken: enough for it to come back through a few async functions or a race and ask for
 * the next thing. So the activity table nearly always has one VU whose code runs.
 */
const HEAD_START = 8;

/** The VU whose records are being read has its next operation under way, or the end of its iteration, when it waits for so many. */
let waitsFor = 0;

/**
 * The one way in: `0,vu,record,record…0,vu,record…`. @returns what the sandbox has to say since the last entry. The code that the records
 * wake runs in microtasks after this returns; the host waits for them before it enters again.
 */
export function enter(frame: string): string {
  if (frame !== '') {
    reader.reset(frame);
    beginTurn();
    nextTurn();
    void wakeAll().catch(reportFault);
  } else endTurn();
  return takeOut();
}

/** No code of a script throws here: it is stressrun's own fault, and must be seen. */
function reportFault(error: unknown): void {
  writeForAll(TO_HOST.log, `3,${textField(`internal error of the sandbox's guest half: ${show(error)}`)}`);
}

async function wakeAll(): Promise<void> {
  let index = -1;
  let vu: Vu | undefined;
  for (let isFirst = true; reader.hasMore(); ) {
    const kind = reader.number();
    if (kind !== TO_GUEST.select) {
      readRecord(vu, index, kind);
      continue;
    }
    // only as long as its code may still run: what it waits for again, or its end, says that it does not
    if (!isFirst)
      for (let i = 0; i < HEAD_START && vu !== undefined && vu.pending.length < waitsFor && !isIdle(vu.row); i++) await undefined;
    isFirst = false;
    restoreStackFormat();
    index = reader.number();
    vu = findVu(index);
    if (vu === undefined) continue;
    wakeRow(vu.row);
    waitsFor = vu.pending.length;
  }
}

/** A record whose VU is gone is read all the same: the next one begins behind it. */
function readRecord(vu: Vu | undefined, index: number, kind: number): void {
  switch (kind) {
    case TO_GUEST.response: {
      const operation = reader.number();
      const numbers = [reader.number(), reader.number(), reader.number(), reader.number(), reader.number()] as const;
      return settle(vu, operation, new GuestResponse(vu, numbers, reader.text()));
    }
    case TO_GUEST.settled:
      return settle(vu, reader.number(), undefined);
    case TO_GUEST.answer: {
      const operation = reader.number();
      return settle(vu, operation, JSON.parse(reader.text()));
    }
    case TO_GUEST.begin: {
      const [token, iteration, scenario, phase] = [reader.number(), reader.number(), reader.number(), reader.number()];
      const startIndex = reader.number();
      if (vu === undefined) return;
      waitsFor++;
      vu.iteration = iteration;
      vu.scenario = scenario;
      vu.phase = phases.get(phase) ?? '';
      vu.startIndex = startIndex;
      vu.who = startIndex < 0 ? vu.index : ANY_VU;
      vu.which = startIndex < 0 ? iteration : startIndex;
      return beginIteration(vu, token, settings.scenarios[scenario]?.exec ?? 'default');
    }
    default:
      return readRare(vu, index, kind);
  }
}

function readRare(vu: Vu | undefined, index: number, kind: number): void {
  waitsFor = Number.POSITIVE_INFINITY; // nobody knows what it asks for
  if (kind === TO_GUEST.timer) {
    const id = reader.number();
    return vu === undefined ? undefined : fire(vu, id);
  }
  if (kind === TO_GUEST.call) {
    const [token, hook, text] = [reader.number(), reader.number(), reader.text()];
    return vu === undefined ? undefined : callHook(vu, token, { kind: hook, text });
  }
  if (kind === TO_GUEST.interrupt) return vu === undefined ? undefined : interrupt(vu);
  if (kind === TO_GUEST.instantiate) {
    const token = reader.number();
    return beginInstance(token, index, reader.number());
  }
  return readSetting(kind);
}

function readSetting(kind: number): void {
  if (kind === TO_GUEST.configure) {
    const given = JSON.parse(reader.text()) as GuestSettings;
    openTable(given.activity.magic, given.activity.rows);
    return setSettings(freezeDeep(given));
  }
  if (kind === TO_GUEST.handOver) return handOver();
  if (kind === TO_GUEST.data) return setSetupData(reader.text());
  if (kind === TO_GUEST.name) {
    const id = reader.number();
    phases.set(id, reader.text());
    return;
  }
  throw new Error(`unknown record ${kind}`);
}

function settle(vu: Vu | undefined, id: number, value: unknown): void {
  if (vu !== undefined) endOperation(vu, id)?.settle(value);
}

/** Ends the iteration: whatever is pending is refused, and so is whatever is asked for later. */
function interrupt(vu: Vu): void {
  vu.isInterrupted = true;
  const stop = new StopVu();
  for (const { id } of [...vu.pending]) endOperation(vu, id)?.refuse(stop);
}
