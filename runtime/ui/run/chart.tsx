import { useEffect, useRef } from 'preact/hooks';
import { Chart as Drawing } from '../../page/chart.ts';
import type { ChartDef, ShownRange } from '../../page/chart-defs.ts';
import type { Mark } from '../../page/marks.ts';
import { watchColours } from '../theme.tsx';

interface ChartProps {
  readonly def: ChartDef;
  readonly marks: readonly Mark[];
  readonly range: ShownRange;
  /** Undefined: all of it. */
  onZoom(range: ShownRange | undefined): void;
}

/** A chart of the run; its names tell the figures in words, the latest while nobody points. */
export function Chart({ def, marks, range, onZoom }: ChartProps) {
  const block = useRef<HTMLElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const latest = useRef({ marks, onZoom });
  latest.current = { marks, onZoom };

  useEffect(() => {
    if (block.current === null) return;
    const made = new Drawing(block.current, {
      marks: () => latest.current.marks,
      onZoom: (chosen) => latest.current.onZoom(chosen),
      unpointed: 'latest',
    });
    drawing.current = made;
    const unwatch = watchColours(() => made.redraw());
    return () => {
      unwatch();
      made.destroy();
    };
  }, []);
  useEffect(() => drawing.current?.draw(def, range), [def, ...range]);
  return <figure class="chart" ref={block} />;
}
