import type { StackMapper } from '../bundle/stack-mapper.ts';
import type { Redactor } from '../core/redactor.ts';
import { plainText } from '../report/plain-text.ts';
import type { WorkerEvent } from './fleet.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** A log line of a script as people may see it: without secrets and control characters, with the lines of its own files. */
export function logOf(event: Extract<WorkerEvent, { type: 'log' }>, redactor: Redactor, mapper: StackMapper | undefined) {
  const level = LEVELS[event.level] ?? 'info';
  const text = redactor.text(event.text);
  return { type: 'log' as const, level, vu: event.vu, text: plainText(mapper?.mapStack(text) ?? text) };
}

/** The same as a line on stderr. */
export function logLine({ level, vu, text }: { level: string; vu: number; text: string }): string {
  return `[${level}${vu < 0 ? '' : ` VU ${vu + 1}`}] ${text}`;
}

/** What to say of an operation that nobody awaited. @param where - a stack of the sandbox; empty: not known */
export function unawaitedText(where: string, mapper: StackMapper | undefined): string {
  const mapped = where === '' ? '' : (mapper?.mapStack(where) ?? where).split('\n').slice(1).join('\n');
  const frame = where === '' ? undefined : mapper?.frameOf(where);
  const place = [mapped, frame ?? ''].filter((part) => part.trim() !== '').join('\n');
  return `an operation was not awaited (put \`await\` before it); it was awaited at the end of its iteration${place === '' ? '' : `:\n${place}`}`;
}

/** What to say of a header of the script that does not go out as it is. */
export function replacedText(header: string): string {
  return `headers["${header}"] of the script is left out: stressrun says itself how a request is delimited and what becomes of its connection (keep_alive of the environment)`;
}

/** What to say of an error that came when the hook that made it was over. */
export function lostText({ phase, text }: Extract<WorkerEvent, { type: 'lost' }>, mapper: StackMapper | undefined): string {
  const whose = phase === 'init' ? 'module level' : phase === 'check' ? 'a task' : `${phase}()`;
  return `${whose} left work behind that nobody awaited, and it threw\n${mapper?.renderScriptError(text) ?? text}`;
}
