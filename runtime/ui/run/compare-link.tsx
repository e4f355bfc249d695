import type { RunView } from '../../views/api.ts';
import { hashOf } from '../route.ts';
import { useAnswer } from '../use-answer.ts';

/** To the comparison with the newest baseline of the same script, if there is another run that is one. */
export function CompareLink({ view }: { view: RunView }) {
  const { value: runs } = useAnswer('get /runs', view.result === null ? null : {});
  const base = runs?.find(({ id, script, baselines }) => id !== view.id && script === view.entry.script && baselines.length > 0);
  if (base === undefined) return null;
  return (
    <a class="button" href={hashOf(['compare'], { runs: [base.id, view.id].join(',') })}>
      Compare with {base.baselines[0]}
    </a>
  );
}
