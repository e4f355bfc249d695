import type { WorkerLoss } from './replacements.ts';

type Told = Omit<WorkerLoss, 'error' | 'worker' | 'starts'>;

/**
 * What was lost with workers, in words.
 * @param other - what else was lost
 */
export function lostWorkOf(
  losses: readonly (Told & Pick<WorkerLoss, 'back'>)[],
  counted: { lostStartsOf(worker: number): number },
  other: string | undefined,
): { lostWork?: string } {
  const told = losses.map((loss) => lossText(loss, loss.back === undefined ? 0 : counted.lostStartsOf(loss.back.worker)));
  const all = other === undefined ? told : [...told, other];
  return all.length === 0 ? {} : { lostWork: all.join('; ') };
}

/** @param lostStarts - starts that were due and that nobody began or reported */
export function lossText(loss: Told, lostStarts: number): string {
  const { seat, cause, period, lostUs, silentUs, back } = loss;
  const where = period === 'warm-up' ? ' of the warm-up' : '';
  const share = `its share of the load (${Math.round(loss.share * 100)}%)`;
  const requests = `${loss.requestsInFlight} ${loss.requestsInFlight === 1 ? 'request' : 'requests'} in flight`;
  const rest = `${requests} and numbers of up to ${secondsText(silentUs)}`;
  const lost = `worker ${seat + 1} was lost at ${secondsText(lostUs)}${where}`;
  const why = cause === '' ? '' : ` (${cause})`;
  if (loss.endsRun) return `${lost}, one too many: the run ended early, ${rest} were lost${why}`;
  if (back === undefined) return `${lost} and not replaced: ${share} from then on, ${rest}${why}`;
  const starts = lostStarts === 0 ? '' : `${lostStarts} ${lostStarts === 1 ? 'start' : 'starts'}, `;
  const gap = `about ${secondsText(Math.max(0, back.atUs - lostUs))} of ${share}`;
  return `${lost} and replaced at ${secondsText(back.atUs)}: ${gap}, ${starts}${rest}${why}`;
}

const secondsText = (us: number): string => `${Number((us / 1_000_000).toFixed(1))} s`;
