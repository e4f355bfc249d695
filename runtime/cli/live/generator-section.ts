import { formatDurationUs } from '../../core/units.ts';
import { SATURATION } from '../../monitor/causes.ts';
import type { GeneratorHealth, LiveDetail } from '../../report/live-detail.ts';
import type { Paint } from '../../report/paint.ts';
import { joined, type Part } from './cells.ts';
import type { Room, Section } from './section.ts';

/** Whether the numbers above are the target's or the generator's own. */
export function generatorSection({ generator, late, dropped }: LiveDetail, { columns, paint }: Room): Section {
  const starts: Part[] = [
    { text: late === 0 ? '' : `${late} late`, paint: paint.unsure },
    { text: dropped === 0 ? '' : `${dropped} dropped`, paint: paint.unsure },
  ];
  const health = generator === undefined ? [{ text: 'not measured yet', paint: paint.dim }] : healthOf(generator, paint);
  const parts = [{ text: 'generator', paint: paint.bold }, ...health, ...starts];
  return { linesMin: 1, linesMax: 1, render: () => [joined(parts, columns)] };
}

function healthOf({ workers, loopLagUsP99, cpu, ...rest }: GeneratorHealth, paint: Paint): Part[] {
  const { isSaturated, saturatedSeconds, measuredSeconds } = rest;
  const seconds = `${saturatedSeconds} of ${measuredSeconds} s`;
  const saturated: Part =
    isSaturated === true
      ? { text: `SATURATED ${seconds}`, paint: paint.bad }
      : saturatedSeconds > 0
        ? { text: `saturated ${seconds}`, paint: paint.unsure }
        : { text: 'ok', paint: paint.good };
  return [
    saturated,
    { text: `CPU ${Math.round(cpu * 100)}%`, paint: cpu > SATURATION.cpu ? paint.bad : String },
    { text: `lag ${formatDurationUs(loopLagUsP99)}`, paint: loopLagUsP99 > SATURATION.loopLagP99Us ? paint.bad : String },
    { text: `${workers} ${workers === 1 ? 'worker' : 'workers'}`, paint: paint.dim },
  ];
}
