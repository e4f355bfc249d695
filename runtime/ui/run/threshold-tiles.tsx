import { LIMIT_SHARE, type ThresholdTile } from '../../core/threshold-tile.ts';
import { openReasonsOf } from '../../core/verdict-points.ts';
import type { RunView } from '../../views/api.ts';
import { tilesOf } from './tiles.ts';

/** Each threshold by what it asks, how far it is from its limit, and whether that is enough. */
export function ThresholdTiles({ view }: { view: RunView }) {
  const tiles = tilesOf(view);
  const isOver = view.state === 'ended' || view.state === 'unknown';
  if (tiles.length === 0) return isKnownToHaveNone(view) ? <NoThresholds isOver={isOver} /> : null;
  return (
    <section class="threshold-block">
      <h2>{isOver ? 'Thresholds' : 'Thresholds so far'}</h2>
      <TileList tiles={tiles} />
      {!isOver &&
        openReasonsOf(view.live?.thresholds ?? []).map((because) => (
          <p key={because} class="muted">
            Undecided so far: {because}.
          </p>
        ))}
    </section>
  );
}

export function TileList({ tiles }: { tiles: readonly ThresholdTile[] }) {
  return (
    <ul class="thresholds">
      {tiles.map((tile) => (
        <Tile key={tile.key} tile={tile} />
      ))}
    </ul>
  );
}

/** Before the first second the plan alone knows. */
function isKnownToHaveNone({ plan, live, result }: RunView): boolean {
  return result !== null || plan !== null || live !== null;
}

function NoThresholds({ isOver }: { isOver: boolean }) {
  return (
    <p class="empty">
      {isOver
        ? 'No thresholds: nothing was asked of the figures.'
        : 'No thresholds: this run will have no verdict on its figures. Add some to config.yaml or when starting.'}
    </p>
  );
}

function Tile({ tile }: { tile: ThresholdTile }) {
  const { sign, tone, word } = tile;
  return (
    <li class={tone}>
      <span class="threshold-name">
        <b class={`${tone}-text`}>
          <span aria-hidden="true">{sign}</span> <span class="unseen">{word}:</span>
        </b>{' '}
        <b>{tile.condition}</b>
      </span>
      <b class="threshold-figure">{tile.figure}</b>
      <span class="threshold-subject muted">
        {tile.subject} <span class="threshold-source">{tile.source}</span>
      </span>
      {tile.filled !== undefined && (
        <svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
          <rect class="bar-all" width="100" height="6" />
          <rect class="bar-filled" width={tile.filled * 100} height="6" />
          <rect class="bar-limit" x={LIMIT_SHARE * 100} width="0.8" height="6" />
        </svg>
      )}
      <span class="threshold-margin">
        {tile.note} <span class="threshold-source">{tile.samples}</span>
        {tile.chance !== '' && <span class="threshold-source"> {tile.chance}</span>}
      </span>
    </li>
  );
}
