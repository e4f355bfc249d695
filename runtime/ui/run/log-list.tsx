import { useState } from 'preact/hooks';
import type { LogLine } from '../../views/api.ts';
import { formatClock } from '../format.ts';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Lines of stressrun and of the script, the newest first, from a level up. */
export function LogList({ logs }: { logs: readonly LogLine[] }) {
  const [least, setLeast] = useState<LogLine['level']>('info');
  const shown = logs.filter(({ level }) => LEVELS.indexOf(level) >= LEVELS.indexOf(least)).reverse();
  return (
    <>
      <label class="inline-field">
        Level{' '}
        <select value={least} onChange={(event) => setLeast(event.currentTarget.value as LogLine['level'])}>
          {LEVELS.map((level) => (
            <option key={level} value={level}>
              {level}
              {level === 'error' ? '' : ' and above'}
            </option>
          ))}
        </select>
      </label>
      {shown.length === 0 ? (
        <p class="empty">{logs.length === 0 ? 'Nothing has been logged.' : `Nothing at ${least} or above; ${logs.length} lines below.`}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it with the arrow keys
        <ol class="log" tabIndex={0} aria-label="Log, newest first">
          {shown.map((line, i) => (
            <li key={logs.length - i} class={`log-${line.level}`}>
              <time>{formatClock(line.atMs)}</time> <b class="level">{line.level}</b> <span>{line.text}</span>
            </li>
          ))}
        </ol>
      )}
    </>
  );
}
