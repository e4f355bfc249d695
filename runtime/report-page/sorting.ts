/** Makes the titles of a table buttons that sort its body: numbers the largest first, texts by the alphabet; again for the other way round. */
export function makeSortable(table: HTMLTableElement): void {
  const titles = [...(table.tHead?.rows[0]?.cells ?? [])];
  titles.forEach((title, column) => {
    const text = title.textContent ?? '';
    if (text === '') return;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = text;
    title.replaceChildren(button);
    button.addEventListener('click', () => {
      const isNumber = title.classList.contains('number');
      const before = title.getAttribute('aria-sort');
      const direction = before === null ? (isNumber ? 'descending' : 'ascending') : before === 'ascending' ? 'descending' : 'ascending';
      for (const other of titles) other.removeAttribute('aria-sort');
      title.setAttribute('aria-sort', direction);
      sort(table, column, direction === 'ascending' ? 1 : -1);
    });
  });
}

function sort(table: HTMLTableElement, column: number, direction: 1 | -1): void {
  const body = table.tBodies[0];
  if (body === undefined) return;
  const rows = [...body.rows].map((row) => ({ row, value: sortValueOf(row.cells[column]) }));
  rows.sort(
    (a, b) =>
      direction *
      (typeof a.value === 'number' && typeof b.value === 'number' ? a.value - b.value : compare(String(a.value), String(b.value))),
  );
  body.append(...rows.map(({ row }) => row));
}

function sortValueOf(cell: HTMLTableCellElement | undefined): number | string {
  const text = cell?.dataset['value'] ?? cell?.textContent ?? '';
  return text !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

function compare(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
