import { LIMITS, TO_HOST } from '../core/mailbox.ts';
import { textField, write } from './outbox.ts';
import { type Budget, show, start } from './show.ts';
import type { Vu } from './state.ts';

function writer(vu: Vu, level: number) {
  return (...values: unknown[]): void => {
    if (vu.logsLeft <= 0) return;
    vu.logsLeft--;
    const budget: Budget = { left: LIMITS.logLength };
    const text =
      vu.logsLeft === 0
        ? 'this virtual user has logged a lot: the rest of its messages is dropped'
        : values.map((value) => show(value, budget)).join(' ');
    write(vu, TO_HOST.log, `${level},${textField(start(text))}`);
  };
}

/** `log` of one virtual user. */
export function makeLog(vu: Vu) {
  return { debug: writer(vu, 0), info: writer(vu, 1), warn: writer(vu, 2), error: writer(vu, 3) };
}

/** What scripts know as `console`. */
export function makeConsole(vu: Vu) {
  const { debug, info, warn, error } = makeLog(vu);
  return { log: info, info, debug, warn, error, trace: debug };
}
