import { isBlank } from '../../core/page-figures.ts';
import { type Content, html, type Markup } from './markup.ts';

/** A column of a table: `number` stands right and sorts by its value. */
export interface TableColumn<Row> {
  readonly title: string;
  /** What the title means, for a tooltip. */
  readonly about?: string;
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => Content;
  /** What a column of numbers is sorted by. */
  readonly sortBy?: (row: Row) => number | string | undefined;
}

/** A table whose rows can be sorted; `total` stays last. A column in which no row says anything is left out. */
export function tableOf<Row>(
  columns: readonly TableColumn<Row>[],
  rows: readonly Row[],
  options: { readonly total?: Row; readonly caption: string; readonly rowClass?: (row: Row) => string },
): Markup {
  const all = [...rows, ...(options.total === undefined ? [] : [options.total])];
  const shown = columns.filter((column) => all.some((row) => saysSomething(html`${column.cell(row)}`)));
  const cells = (row: Row): Markup[] =>
    shown.map((column) => {
      const value = column.sortBy?.(row);
      const sortValue = value === undefined ? '' : html` data-value="${value}"`;
      const label = column.title === '' ? '' : html` data-label="${column.title}"`;
      return column.isNumber === true
        ? html`<td class="number"${sortValue}${label}>${column.cell(row)}</td>`
        : html`<td${sortValue}${label}>${column.cell(row)}</td>`;
    });
  const heads = shown.map(
    (column) =>
      html`<th scope="col"${column.isNumber === true ? html` class="number"` : ''}${column.about === undefined ? '' : html` title="${column.about}"`}>${column.title}</th>`,
  );
  return html`<div class="table-frame" role="region" aria-label="${options.caption}" tabindex="0"><table class="sortable stacked" aria-label="${options.caption}"><thead><tr>${heads}</tr></thead>
<tbody>${rows.map((row) => html`<tr class="${options.rowClass?.(row) ?? ''}">${cells(row)}</tr>\n`)}</tbody>
${options.total === undefined ? '' : html`<tfoot><tr>${cells(options.total)}</tr></tfoot>`}</table></div>`;
}

/** A drawing says something too. */
function saysSomething({ text }: Markup): boolean {
  return text.includes('<svg') || !isBlank(text.replace(/<[^>]*>/g, ''));
}

/** A section with a heading that can be linked to; nothing when there is nothing in it. */
export function section(id: string, title: string, content: Content): Markup {
  const isEmpty =
    content === null || content === undefined || content === false || content === '' || (Array.isArray(content) && content.length === 0);
  return isEmpty ? html`` : html`<section id="${id}"><h2>${title}</h2>${content}</section>\n`;
}

/** Names and values side by side; pairs without a value are left out. */
export function facts(pairs: readonly (readonly [name: string, value: Content])[]): Markup {
  const given = pairs.filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '');
  return html`<dl class="facts">${given.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
