import type { Piece, Content as Shown, TableCell, TableModel } from '../../views/table-model.ts';
import { type Content, html, type Markup } from './markup.ts';
import { phaseBar } from './phase-bar.ts';

/** Of a long text: what stands there before it is opened. */
const LINE_CHARACTERS_MAX = 160;

/** A table whose rows can be sorted; a total stays last. */
export function tableMarkup({ title, heads, abouts, rows, total }: TableModel): Markup {
  const cells = (row: readonly TableCell[]): Markup[] =>
    row.map(({ content, sortValue }, i) => {
      const { title: label = '', isNumber, isHead, isLine } = heads[i] ?? {};
      const value = sortValue === undefined ? '' : html` data-value="${sortValue}"`;
      const looks = isNumber === true ? html` class="number"` : isLine === true ? html` class="line"` : '';
      if (isHead === true) return html`<th scope="row"${looks}${value}>${content.map(contentMarkup)}</th>`;
      return html`<td${looks}${value} data-label="${label}">${content.map(contentMarkup)}</td>`;
    });
  const titles = heads.map(
    (head, i) =>
      html`<th scope="col"${head.isNumber ? html` class="number"` : ''}${abouts[i] === '' ? '' : html` title="${abouts[i]}"`}>${head.title}</th>`,
  );
  return html`<div class="table-frame" role="region" aria-label="${title}" tabindex="0"><table class="sortable stacked wordy" aria-label="${title}"><thead><tr>${titles}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody>
${total === undefined ? '' : html`<tfoot><tr>${cells(total)}</tr></tfoot>`}</table></div>`;
}

/** A piece of a cell, or a fact. */
export function contentMarkup(content: Shown): Content {
  if (typeof content === 'string') return content;
  if ('phases' in content) return phaseBar(content.phases);
  if ('atMs' in content) return momentMarkup(content.atMs);
  return pieceMarkup(content);
}

function pieceMarkup({ text, looks, name, isOnNewLine, isLong, tip }: Piece): Content {
  const said = isLong === true ? longText(text) : text;
  if (name !== undefined) return html`<span class="pill"><span class="muted">${name}</span> ${said}</span> `;
  const title = tip === undefined ? '' : html` title="${tip}"`;
  const element =
    looks === 'code' ? html`<code>${said}</code>` : looks === undefined ? said : html`<span class="${looks}"${title}>${said}</span>`;
  return [isOnNewLine === true && html`<br>`, element];
}

/** One line, and the rest on demand. */
function longText(text: string): Markup {
  const [first = '', ...rest] = text.trimEnd().split('\n');
  if (rest.length === 0 && first.length <= LINE_CHARACTERS_MAX) return html`${first}`;
  return html`<details><summary>${first.slice(0, LINE_CHARACTERS_MAX)}</summary><pre>${text}</pre></details>`;
}

/** `13:35:30Z`; what was no time is nothing. */
function momentMarkup(atMs: number): Content {
  if (!Number.isFinite(atMs)) return '';
  const iso = new Date(atMs).toISOString();
  return html`<time datetime="${iso}">${iso.slice(11, 19)}Z</time>`;
}

/** A section with a heading that can be linked to; nothing when there is nothing in it. */
export function section(id: string, title: string, content: Content): Markup {
  const isEmpty =
    content === null || content === undefined || content === false || content === '' || (Array.isArray(content) && content.length === 0);
  return isEmpty ? html`` : html`<section id="${id}"><h2>${title}</h2>${content}</section>\n`;
}
