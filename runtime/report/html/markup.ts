import { plainText } from '../plain-text.ts';

/** HTML that is safe to stand in a page. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand in a template: text is escaped, lists are joined, nothing is nothing. */
export type Content = string | number | Markup | null | undefined | false | readonly Content[];

/** A template of HTML. Whatever is put in is text and stays text: names, errors and logs come from scripts and targets. */
export function html(parts: TemplateStringsArray, ...contents: Content[]): Markup {
  return new Markup(parts.reduce((page, part, i) => page + textOf(contents[i - 1]) + part));
}

/** JSON for a `<script type="application/json">`: no text in it can end the element. */
export function jsonMarkup(value: unknown): Markup {
  return new Markup(JSON.stringify(value).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026'));
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** A text as it stands in an element or a quoted attribute of HTML or XML: {@link plainText}, escaped. */
export function escaped(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (char) => ENTITIES[char] as string);
}

function textOf(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (content instanceof Markup) return content.text;
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escaped(content);
  return content.map(textOf).join('');
}
