import { counted, formatMs, formatNumber, formatRatio } from '../../runtime/core/page-figures.ts';
import { Screen } from './screen.ts';
import type { ToldSecond } from './watched-run.ts';

export const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What a frame of the live view says that the server says too. */
export interface Frame {
  readonly users: string;
  readonly total: string;
  readonly failed: string;
  readonly inFlight: string;
  readonly late: string;
  readonly dropped: string;
  readonly rows: readonly (readonly string[])[];
}

export function frameOf({ series, live }: ToldSecond): Frame {
  const total = live.rows.at(-1);
  const failures = total?.failed ?? 0;
  return {
    users: counted(series.users[0] as number, 'user'),
    total: counted(total?.count ?? 0, 'request'),
    failed: failures === 0 ? '0 failed' : `${formatNumber(failures)} failed (${formatRatio(failures / (total?.count ?? 0))})`,
    inFlight: `${live.inFlight} in flight`,
    late: live.starts.late === 0 ? '' : `${live.starts.late} late`,
    dropped: live.starts.dropped === 0 ? '' : `${live.starts.dropped} dropped`,
    rows: live.rows
      .slice(0, -1)
      .map(({ name, count, failed, p95Ms }) => [name, formatNumber(count), formatRatio(count === 0 ? 0 : failed / count), formatMs(p95Ms)]),
  };
}

/** Frames with a table, each once, as they stood on the screen. */
export function framesOf(output: string, columns: number): Frame[] {
  const live = output.slice(0, output.indexOf('====='));
  const screen = new Screen(columns);
  const frames: Frame[] = [];
  for (const piece of live.split('\u001b[?2026l')) {
    screen.write(piece);
    const text = screen.lines.join('\n');
    if (!/^request +count/m.test(text)) continue;
    const found = (pattern: RegExp): string => pattern.exec(text)?.[0] ?? '';
    const frame: Frame = {
      users: found(/[\d,]+ users?\b/),
      total: found(/[\d,]+ requests?\b/),
      failed: found(/[\d,]+ failed( \([^)]+\))?/),
      inFlight: found(/\d+ in flight/),
      late: found(/\d+ late/),
      dropped: found(/\d+ dropped/),
      rows: [...text.matchAll(/^(\/\S+) +([\d,]+) +(\S+) +(\S+)$/gm)].map(([, ...cells]) => cells),
    };
    if (!isSame(frame, frames.at(-1))) frames.push(frame);
  }
  return frames;
}
