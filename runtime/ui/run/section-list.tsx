import { tileOf } from '../../core/threshold-tile.ts';
import type { Block, RunSection } from '../../views/run-section.ts';
import { Contents, ModelTable } from '../parts/model-table.tsx';
import { TileList } from './threshold-tiles.tsx';

/** Sections that the report has as well. */
export function SectionList({ sections }: { sections: readonly RunSection[] }) {
  return (
    <>
      {sections.map(({ id, title, blocks }) => (
        <section key={id} aria-labelledby={`section-${id}`}>
          <h2 id={`section-${id}`}>{title}</h2>
          {blocks.map((block, i) => (
            <BlockOf key={keyOf(block)} block={block} isFirst={i === 0} />
          ))}
        </section>
      ))}
    </>
  );
}

/** @param isFirst - what is shown on demand would leave the section empty */
function BlockOf({ block, isFirst }: { block: Block; isFirst: boolean }) {
  switch (block.kind) {
    case 'words':
      return <p class="muted">{block.text}</p>;
    case 'heading':
      return <h3>{block.text}</h3>;
    case 'list':
      return (
        <ul>
          {block.texts.map((text) => (
            <li key={text} class="note">
              {text}
            </li>
          ))}
        </ul>
      );
    case 'table':
      if (block.summary === undefined) return <ModelTable table={block.table} />;
      return (
        <details open={isFirst}>
          <summary>{block.summary}</summary>
          <ModelTable table={block.table} />
        </details>
      );
    case 'facts':
      return (
        <dl class="facts">
          {block.facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <Contents contents={[value]} />
              </dd>
            </div>
          ))}
        </dl>
      );
    case 'phases':
      return (
        <p class="phase-legend">
          {block.phases.map(([phase, words]) => (
            <>
              <span key={phase} class={`phase-${phase}`}>
                {words}
              </span>{' '}
            </>
          ))}
        </p>
      );
    case 'tiles':
      return <TileList tiles={block.thresholds.map((threshold) => tileOf(threshold, true))} />;
  }
}

function keyOf(block: Block): string {
  if (block.kind === 'words' || block.kind === 'heading') return `${block.kind} ${block.text}`;
  if (block.kind === 'table') return `table ${block.table.title}`;
  return block.kind === 'tiles' ? `tiles ${block.label}` : block.kind;
}
