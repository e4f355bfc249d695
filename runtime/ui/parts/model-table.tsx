import { Fragment } from 'preact';
import { phaseParts } from '../../views/phase-section.ts';
import type { Content, Piece, TableCell, TableModel } from '../../views/table-model.ts';
import { formatClock } from '../format.ts';
import { TableFrame } from './table.tsx';

/** Of a long text: what stands there before it is opened. */
const LINE_CHARACTERS_MAX = 160;

/** A table that the report has as well; the same markup. */
export function ModelTable({ table: { title, heads, abouts, rows } }: { table: TableModel }) {
  return (
    <TableFrame label={title}>
      <table class="stacked wordy">
        <caption class="unseen">{title}</caption>
        <thead>
          <tr>
            {heads.map((head, i) => (
              <th
                key={head.title}
                scope="col"
                class={head.isNumber ? 'number' : ''}
                {...(abouts[i] === '' ? {} : { title: abouts[i] as string })}
              >
                {head.title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {row.map((cell, i) => (
                <ModelCell key={heads[i]?.title} cell={cell} head={heads[i]} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function ModelCell({ cell, head }: { cell: TableCell; head: TableModel['heads'][number] | undefined }) {
  const looks = head?.isNumber === true ? 'number' : head?.isLine === true ? 'line' : '';
  const contents = <Contents contents={cell.content} />;
  if (head?.isHead === true)
    return (
      <th scope="row" class={looks}>
        {contents}
      </th>
    );
  return (
    <td class={looks} data-label={head?.title}>
      {contents}
    </td>
  );
}

/** Pieces of a cell, or of a fact. */
export function Contents({ contents }: { contents: readonly Content[] }) {
  return (
    <>
      {contents.map((content, i) => (
        <Fragment key={i}>{shown(content)}</Fragment>
      ))}
    </>
  );
}

function shown(content: Content) {
  if (typeof content === 'string') return content;
  if ('phases' in content) return <PhaseBar times={content.phases} />;
  if ('atMs' in content) return <Moment atMs={content.atMs} />;
  return <PieceOfCell piece={content} />;
}

/** In the reader's own zone. */
function Moment({ atMs }: { atMs: number }) {
  return Number.isFinite(atMs) ? <time datetime={new Date(atMs).toISOString()}>{formatClock(atMs)}</time> : null;
}

function PieceOfCell({ piece: { text, looks, name, isOnNewLine, isLong, tip } }: { piece: Piece }) {
  const said = isLong === true ? <LongText text={text} /> : text;
  if (name !== undefined)
    return (
      <>
        <span class="pill">
          <span class="muted">{name}</span> {said}
        </span>{' '}
      </>
    );
  return (
    <>
      {isOnNewLine === true && <br />}
      {looks === 'code' ? (
        <code>{said}</code>
      ) : looks === undefined ? (
        said
      ) : (
        <span class={looks} {...(tip === undefined ? {} : { title: tip })}>
          {said}
        </span>
      )}
    </>
  );
}

/** One line, and the rest on demand. */
function LongText({ text }: { text: string }) {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  if (rest.length === 0 && first.length <= LINE_CHARACTERS_MAX) return <>{first}</>;
  return (
    <details>
      <summary>{first.slice(0, LINE_CHARACTERS_MAX)}</summary>
      <pre>{text}</pre>
    </details>
  );
}

function PhaseBar({ times }: { times: readonly number[] }) {
  const parts = phaseParts(times);
  if (parts.length === 0) return null;
  return (
    <svg class="phases" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">
      {parts.map(({ phase, x, width }) => (
        <rect key={phase} class={`fill-${phase}`} x={x} width={width} height="10" />
      ))}
    </svg>
  );
}
